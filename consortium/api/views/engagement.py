"""What was spoken with members, what follows of it, and the faculty's part in it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import FacultyMember, FollowUp, Interaction
from .. import serializers


class FacultyViewSet(RecordViewSet):
    """Those of the faculty who speak with members, and what they did."""

    queryset = FacultyMember.objects.all()
    serializer_class = serializers.FacultySerializer
    filterset_class = filters.FacultyFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_activity()

    @extend_schema(
        request=serializers.FacultyInput,
        responses={201: serializers.FacultySerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.FacultyInput)
        row = services.add_faculty(**data, by=self.user)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.OneToOneCap)
    @action(detail=True, methods=["post"])
    def cap(self, request: Request, pk: str) -> Response:
        row, data = self.get_object(), self.validated(serializers.OneToOneCap)
        return self.answer(services.cap_one_to_ones(row, **data, by=self.user))


class InteractionViewSet(RecordViewSet):
    """Written down once; what was wrong is corrected by another one."""

    queryset = Interaction.objects.all()
    serializer_class = serializers.InteractionSerializer
    filterset_class = filters.InteractionFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_people()

    def _now(self) -> dict[str, Any]:
        now, today = timezone.now(), timezone.localdate()
        return {"at": now, "today": today, "by": self.user}

    @extend_schema(
        request=serializers.InteractionInput,
        responses={201: serializers.InteractionSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.InteractionInput)
        company = data.pop("organization")
        row = services.record_interaction(company, **data, **self._now())
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.InteractionCorrection,
        responses={201: serializers.InteractionSerializer},
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        one = self.get_object()
        data = self.validated(serializers.InteractionCorrection)
        row = services.correct_interaction(one, **data, **self._now())
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(
        request=ReasonInput, responses={201: serializers.InteractionSerializer}
    )
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        one, now = self.get_object(), timezone.now()
        data = self.validated(ReasonInput)
        row = services.take_back_interaction(one, **data, at=now, by=self.user)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.FollowUpInput,
        responses={201: serializers.FollowUpSerializer},
    )
    @action(detail=True, methods=["post"], url_path="follow-up")
    def follow_up(self, request: Request, pk: str) -> Response:
        one = self.get_object()
        data = self.validated(serializers.FollowUpInput)
        row = services.follow_up(one, **data, **self._now())
        shown = serializers.FollowUpSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)


class FollowUpViewSet(RecordViewSet):
    """What follows of an interaction; who does it by when stands in its task."""

    queryset = FollowUp.objects.all()
    serializer_class = serializers.FollowUpSerializer

    @extend_schema(request=serializers.ReopenFollowUpInput)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        row, today = self.get_object(), timezone.localdate()
        data = self.validated(serializers.ReopenFollowUpInput)
        services.reopen_follow_up(row, **data, today=today, by=self.user)
        return self.answer(row)
