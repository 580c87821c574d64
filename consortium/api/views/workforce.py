"""Workforce programs, parts in them, contributions; students, and looks at them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet, version_of
from inm_portal.kernel.exports.papers import given_file

from ... import filters, services
from ...models import (
    ProfileOpening,
    ProgramContribution,
    ProgramPart,
    StudentProfile,
    WorkforceProgram,
)
from .. import serializers
from ..parameters import IF_MATCH


class ProgramViewSet(RecordViewSet):
    queryset = WorkforceProgram.objects.all()
    serializer_class = serializers.ProgramSerializer
    filterset_class = filters.ProgramFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_seats()

    @extend_schema(
        request=serializers.ProgramInput, responses={201: serializers.ProgramSerializer}
    )
    def create(self, request: Request) -> Response:
        data, now = self.validated(serializers.ProgramInput), timezone.now()
        row = services.add_program(**data, at=now, by=self.user)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.ProgramInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        program = self.get_object()
        row = services.change_program(
            program,
            **self.validated(serializers.ProgramInput, partial=True),
            version=version_of(request),
            by=self.user,
        )
        return self.answer(row)

    @extend_schema(
        request=serializers.JoinProgramInput,
        responses={201: serializers.ProgramPartSerializer},
    )
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        program, now = self.get_object(), timezone.now()
        data = self.validated(serializers.JoinProgramInput)
        part = services.join_program(program, **data, at=now, by=self.user)
        shown = serializers.ProgramPartSerializer(part).data
        return Response(shown, status=status.HTTP_201_CREATED)


class ProgramPartViewSet(RecordViewSet):
    """That a member takes part: INM sees all, a member its own."""

    queryset = ProgramPart.objects.all()
    serializer_class = serializers.ProgramPartSerializer
    filterset_class = filters.ProgramPartFilter

    @extend_schema(request=serializers.SeatsInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        part, version = self.get_object(), version_of(request)
        data = self.validated(serializers.SeatsInput)
        row = services.change_seats(part, **data, version=version, by=self.user)
        return self.answer(row)

    @extend_schema(request=serializers.LeaveProgramInput)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        part, data = self.get_object(), self.validated(serializers.LeaveProgramInput)
        return self.answer(services.leave_program(part, **data, by=self.user))

    @extend_schema(
        request=serializers.ProgramContributionInput,
        responses={201: serializers.ProgramContributionSerializer},
    )
    @action(detail=True, methods=["post"])
    def contribute(self, request: Request, pk: str) -> Response:
        part, now = self.get_object(), timezone.now()
        data = self.validated(serializers.ProgramContributionInput)
        row = services.contribute(part, **data, at=now, by=self.user)
        shown = serializers.ProgramContributionSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)


class ProgramContributionViewSet(RecordViewSet):
    """Written down once; what was wrong is taken back by a further row."""

    queryset = ProgramContribution.objects.all()
    serializer_class = serializers.ProgramContributionSerializer
    filterset_class = filters.ProgramContributionFilter

    @extend_schema(
        request=ReasonInput, responses={201: serializers.ProgramContributionSerializer}
    )
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        row, now = self.get_object(), timezone.now()
        data = self.validated(ReasonInput)
        back = services.take_back_contribution(row, **data, at=now, by=self.user)
        return self.answer(back, status.HTTP_201_CREATED)


class StudentProfileViewSet(RecordViewSet):
    """Students to be found, without names; one that is asked for says its name."""

    queryset = StudentProfile.objects.all()
    serializer_class = serializers.StudentProfileSerializer
    filterset_class = filters.StudentFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset().with_consent()
        return rows if self.action == "list" else rows.select_related("person")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.StudentProfileSerializer
        return serializers.StudentSerializer

    def may_create(self, user: Any) -> bool:
        return True  # each their own, and nobody else's

    def get_parsers(self) -> Any:
        return [parser() for parser in FILES]

    @extend_schema(responses=serializers.StudentSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who asked is on record, and the student sees it."""
        profile = self.get_object()
        services.look_at_profile(profile, at=timezone.now(), by=self.user)
        return self.shown(profile)

    @extend_schema(
        request={"multipart/form-data": serializers.ProfileInput},
        responses={201: serializers.StudentSerializer},
    )
    def create(self, request: Request) -> Response:
        """Write one's own profile, or change it."""
        data, now = self.validated(serializers.ProfileInput), timezone.now()
        row = services.keep_profile(self.user, **data, at=now)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, pk: str) -> Response:
        return self._say(is_given=True)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="stop-sharing")
    def stop_sharing(self, request: Request, pk: str) -> Response:
        return self._say(is_given=False)

    def _say(self, *, is_given: bool) -> Response:
        profile, now = self.get_object(), timezone.now()
        services.say_about_profile(profile.person, is_given=is_given, at=now)
        return self.answer(profile)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path="resume")
    def take_resume(self, request: Request, pk: str) -> Any:
        profile, now = self.get_object(), timezone.now()
        found = services.take_resume(profile, at=now, by=self.user)
        return given_file(found.file, found.name, found.content_type)


class ProfileOpeningViewSet(RecordViewSet):
    queryset = ProfileOpening.objects.select_related("person")
    serializer_class = serializers.ProfileOpeningSerializer
    filterset_class = filters.ProfileOpeningFilter
