"""Forms and rubrics, written until a version of them is published."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import (
    Criterion,
    FormDefinition,
    FormVersion,
    Question,
    Rubric,
    RubricVersion,
    Section,
)
from ..serializers import definitions as told
from .calls import made


class FormViewSet(RecordViewSet):
    queryset = FormDefinition.objects.all()
    serializer_class = told.FormSerializer
    filterset_class = filters.FormFilter

    @extend_schema(request=told.TitleInput, responses={201: told.FormVersionSerializer})
    def create(self, request: Request) -> Response:
        data = self.validated(told.TitleInput)
        row = services.add_form(**data, at=timezone.now(), by=self.user)
        return made(told.FormVersionSerializer, row)

    @extend_schema(request=None, responses={201: told.FormVersionSerializer})
    @action(detail=True, methods=["post"], url_path="begin-version")
    def begin_version(self, request: Request, pk: str) -> Response:
        form, now = self.get_object(), timezone.now()
        row = services.begin_form_version(form, at=now, by=self.user)
        return made(told.FormVersionSerializer, row)


class FormVersionViewSet(RecordViewSet):
    """Versions of forms; others than INM read those of published calls."""

    queryset = FormVersion.objects.select_related("form")
    serializer_class = told.FormVersionSerializer

    def asked(self, serializer: Any) -> tuple[Any, dict[str, Any]]:
        """Return the version, and the clean data of what names parts of it."""
        version = self.get_object()
        context = {**self.get_serializer_context(), "version": version}
        body = serializer(data=self.request.data, context=context)
        body.is_valid(raise_exception=True)
        return version, body.validated_data

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        version, now = self.get_object(), timezone.now()
        return self.answer(services.publish_form(version, at=now, by=self.user))

    @extend_schema(request=told.SectionInput, responses={201: told.SectionSerializer})
    @action(detail=True, methods=["post"], url_path="add-section")
    def add_section(self, request: Request, pk: str) -> Response:
        version, data = self.asked(told.SectionInput)
        row = services.add_section(version, **data, by=self.user)
        return made(told.SectionSerializer, row)

    @extend_schema(request=told.QuestionInput, responses={201: told.QuestionSerializer})
    @action(detail=True, methods=["post"], url_path="add-question")
    def add_question(self, request: Request, pk: str) -> Response:
        _version, data = self.asked(told.QuestionInput)
        row = services.add_question(data.pop("section"), **data, by=self.user)
        return made(told.QuestionSerializer, row)


class OfDraft(RecordViewSet):
    """A part of a version, which changes, moves and goes while that is a draft."""

    input_class: Any
    change: Any
    shift: Any
    take_out: Any

    def partial_update(self, request: Request, pk: str) -> Response:
        part = self.get_object()
        context = {**self.get_serializer_context(), "version": part.version}
        names = self.input_class.Meta.fields
        body = self.input_class(
            instance=part, data=request.data, context=context, partial=True
        )
        body.is_valid(raise_exception=True)
        told_before = {name: getattr(part, name) for name in names}
        data = told_before | body.validated_data
        return self.answer(type(self).change(part, **data, by=self.user))

    @extend_schema(request=told.MoveInput)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        part, data = self.get_object(), self.validated(told.MoveInput)
        return self.answer(type(self).shift(part, up=data["up"], by=self.user))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        type(self).take_out(self.get_object(), by=self.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SectionViewSet(OfDraft):
    queryset = Section.objects.select_related("version__form")
    serializer_class = told.SectionSerializer
    input_class = told.SectionInput
    change = staticmethod(services.change_section)
    shift = staticmethod(services.move_section)
    take_out = staticmethod(services.remove_section)


class QuestionViewSet(OfDraft):
    queryset = Question.objects.select_related("version__form", "section", "asked_if")
    serializer_class = told.QuestionSerializer
    input_class = told.QuestionInput
    change = staticmethod(services.change_question)
    shift = staticmethod(services.move_question)
    take_out = staticmethod(services.remove_question)


class RubricViewSet(RecordViewSet):
    queryset = Rubric.objects.all()
    serializer_class = told.RubricSerializer
    filterset_class = filters.RubricFilter

    @extend_schema(
        request=told.TitleInput, responses={201: told.RubricVersionSerializer}
    )
    def create(self, request: Request) -> Response:
        data = self.validated(told.TitleInput)
        row = services.add_rubric(**data, at=timezone.now(), by=self.user)
        return made(told.RubricVersionSerializer, row)

    @extend_schema(request=None, responses={201: told.RubricVersionSerializer})
    @action(detail=True, methods=["post"], url_path="begin-version")
    def begin_version(self, request: Request, pk: str) -> Response:
        rubric, now = self.get_object(), timezone.now()
        row = services.begin_rubric_version(rubric, at=now, by=self.user)
        return made(told.RubricVersionSerializer, row)


class RubricVersionViewSet(RecordViewSet):
    queryset = RubricVersion.objects.select_related("rubric")
    serializer_class = told.RubricVersionSerializer

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        version, now = self.get_object(), timezone.now()
        return self.answer(services.publish_rubric(version, at=now, by=self.user))

    @extend_schema(
        request=told.CriterionInput, responses={201: told.CriterionSerializer}
    )
    @action(detail=True, methods=["post"], url_path="add-criterion")
    def add_criterion(self, request: Request, pk: str) -> Response:
        version, data = self.get_object(), self.validated(told.CriterionInput)
        row = services.add_criterion(version, **data, by=self.user)
        return made(told.CriterionSerializer, row)


class CriterionViewSet(OfDraft):
    queryset = Criterion.objects.select_related("version__rubric")
    serializer_class = told.CriterionSerializer
    input_class = told.CriterionInput
    change = staticmethod(services.change_criterion)
    shift = staticmethod(services.move_criterion)
    take_out = staticmethod(services.remove_criterion)
