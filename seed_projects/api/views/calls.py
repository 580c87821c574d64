"""Calls: read them, prepare them, and see them through."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import AskedJobSerializer, ReasonInput
from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import filters, services
from ...models import (
    Call,
    CallDate,
    CallStage,
    EligibilityException,
    EligibilityRule,
    Extension,
    Proposal,
    Track,
    as_told,
    with_deadline,
)
from ...reports import figures_of
from ..serializers import calls as told
from ..serializers.exchange import CallQuestionSerializer
from ..serializers.proposals import BeginInput, ProposalSerializer
from ..serializers.screening import FiguresSerializer

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)


class CallViewSet(RecordViewSet):
    """Calls for seed proposals; INM reads all, others what is published."""

    queryset = Call.objects.with_closing()
    serializer_class = told.CallSerializer
    filterset_class = filters.CallFilter

    def of_call(self, serializer: Any) -> tuple[Call, dict[str, Any]]:
        """Return the call, and the clean data of what may name parts of it."""
        call = self.get_object()
        asked = serializer(
            data=self.request.data,
            context={**self.get_serializer_context(), "call": call},
        )
        asked.is_valid(raise_exception=True)
        return call, asked.validated_data

    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}

    @extend_schema(request=told.CallInput, responses={201: told.CallSerializer})
    def create(self, request: Request) -> Response:
        data = self.validated(told.CallInput)
        call = services.draft_call(**data, **self.now())
        return self.answer(call, status.HTTP_201_CREATED)

    @extend_schema(request=BeginInput, responses={201: ProposalSerializer})
    @action(detail=True, methods=["post"])
    def propose(self, request: Request, pk: str) -> Response:
        """Begin a proposal of the caller at the stage that is open."""
        call, data = self.of_call(BeginInput)
        begun = services.begin_at_call(call, **data, pi=self.user, **self.now())
        rows = with_deadline(as_told(Proposal.objects.all(), at=timezone.now()))
        return made(ProposalSerializer, rows.get(pk=begun.pk))

    @extend_schema(responses=FiguresSerializer)
    @action(detail=True, methods=["get"])
    def dashboard(self, request: Request, pk: str) -> Response:
        call = self.get_object()
        figures = figures_of(call, deadline=call.closes_at)
        return Response(FiguresSerializer(figures).data)

    @extend_schema(request=None, responses={202: AskedJobSerializer})
    @action(detail=True, methods=["post"])
    def book(self, request: Request, pk: str) -> Response:
        """Ask for all that was handed in as one PDF, which a job makes."""
        job = services.ask_for_book(self.get_object(), **self.now())
        shown = AskedJobSerializer(job).data
        return Response(shown, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=told.CallInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        call = self.get_object()
        data = self.validated(told.CallInput, partial=True)
        version = version_of(request)
        changed = services.change_call(call, **data, version=version, by=self.user)
        return self.answer(changed)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        return self.answer(services.open_call(self.get_object(), **self.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        return self.answer(services.close_call(self.get_object(), **self.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        return self.answer(services.begin_review(self.get_object(), by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        return self.answer(services.decide_call(self.get_object(), by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        return self.answer(services.archive_call(self.get_object(), by=self.user))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(ReasonInput)
        return self.answer(services.cancel_call(call, **data, **self.now()))

    @extend_schema(request=told.CallReopenInput)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.CallReopenInput)
        return self.answer(services.reopen_call(call, **data, **self.now()))

    @extend_schema(request=told.ExtendInput, responses={201: told.ExtensionSerializer})
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        _call, data = self.of_call(told.ExtendInput)
        row = services.extend_deadline(data.pop("stage"), **data, **self.now())
        return made(told.ExtensionSerializer, row)

    @extend_schema(request=told.CopyInput, responses={201: told.CallSerializer})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.CopyInput)
        copied = services.copy_call(call, **data, **self.now())
        return self.answer(copied, status.HTTP_201_CREATED)

    @extend_schema(request=told.StageInput)
    @action(detail=True, methods=["post"], url_path="set-stage")
    def set_stage(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.StageInput)
        services.set_stage(call, **data, by=self.user)
        return self.answer(call)

    @extend_schema(request=told.DateInput)
    @action(detail=True, methods=["post"], url_path="set-date")
    def set_date(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.DateInput)
        services.set_date(call, **data, by=self.user)
        return self.answer(call)

    @extend_schema(request=told.TrackInput, responses={201: told.TrackSerializer})
    @action(detail=True, methods=["post"], url_path="add-track")
    def add_track(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.TrackInput)
        return made(
            told.TrackSerializer, services.add_track(call, **data, by=self.user)
        )

    @extend_schema(request=told.RuleInput, responses={201: told.RuleSerializer})
    @action(detail=True, methods=["post"], url_path="add-rule")
    def add_rule(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.RuleInput)
        return made(told.RuleSerializer, services.add_rule(call, **data, by=self.user))

    @extend_schema(
        request=told.ExceptInput, responses={201: told.EligibilityExceptionSerializer}
    )
    @action(detail=True, methods=["post"], url_path="grant-exception")
    def grant_exception(self, request: Request, pk: str) -> Response:
        _call, data = self.of_call(told.ExceptInput)
        today, rule = timezone.localdate(), data.pop("rule")
        row = services.grant_exception(rule, **data, today=today, **self.now())
        return made(told.EligibilityExceptionSerializer, row)

    @extend_schema(request=told.RubricInput)
    @action(detail=True, methods=["post"], url_path="choose-rubric")
    def choose_rubric(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.RubricInput)
        return self.answer(services.replace_rubric(call, **data, by=self.user))

    @extend_schema(request=told.FormInput)
    @action(detail=True, methods=["post"], url_path="replace-form")
    def replace_form(self, request: Request, pk: str) -> Response:
        _call, data = self.of_call(told.FormInput)
        stage, form = data["stage"], data["form"]
        return self.answer(services.replace_form(stage, form=form, by=self.user))

    @extend_schema(request=told.UseProblemInput)
    @action(detail=True, methods=["post"], url_path="use-problem")
    def use_problem(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.UseProblemInput)
        services.use_problem(call, **data, **self.now())
        return self.answer(call)

    @extend_schema(request=told.CallAskInput, responses={201: CallQuestionSerializer})
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        call, data = self.of_call(told.CallAskInput)
        row = services.ask_question(call, **data, **self.now())
        return made(CallQuestionSerializer, row)


def made(serializer: Any, row: Any) -> Response:
    """Answer with what was made."""
    return Response(serializer(row).data, status=status.HTTP_201_CREATED)


class PartViewSet(RecordViewSet):
    """What belongs to a call; taken out of it while it is a draft."""

    take_out: Any

    @extend_schema(request=None, responses={200: told.CallSerializer})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        call = type(self).take_out(self.get_object(), by=self.user)
        found = Call.objects.with_closing().get(pk=call.pk)
        return Response(told.CallSerializer(found).data)


class CallStageViewSet(PartViewSet):
    """The stages of calls, with the caller's own deadline."""

    queryset = CallStage.objects.all()
    serializer_class = told.StageSerializer
    take_out = staticmethod(services.remove_stage)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_deadlines(person=self.user)


class CallDateViewSet(PartViewSet):
    """The dates of calls beside their deadlines."""

    queryset = CallDate.objects.all()
    serializer_class = told.DateSerializer
    take_out = staticmethod(services.remove_date)


class TrackViewSet(PartViewSet):
    queryset = Track.objects.all()
    serializer_class = told.TrackSerializer
    take_out = staticmethod(services.remove_track)


class EligibilityRuleViewSet(PartViewSet):
    queryset = EligibilityRule.objects.all()
    serializer_class = told.RuleSerializer
    take_out = staticmethod(services.remove_rule)


class ExtensionViewSet(RecordViewSet):
    """Later deadlines: those of all, and the caller's own; INM reads every one."""

    queryset = Extension.objects.all()
    serializer_class = told.ExtensionSerializer
    filterset_class = filters.ExtensionFilter


class EligibilityExceptionViewSet(RecordViewSet):
    """Leave to apply though a rule is not met: the caller's own; INM reads all."""

    queryset = EligibilityException.objects.all()
    serializer_class = told.EligibilityExceptionSerializer
    filterset_class = filters.ExceptionFilter
