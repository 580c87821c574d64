"""Ladders of reminders, their effect, and what members chose of theirs."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.idempotency import AnsweredOnce
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import ReminderPolicy, ReminderPreference
from .. import serializers
from .invoice_answers import made


def told_ladders() -> Any:
    rows = ReminderPolicy.objects.with_standing(on=timezone.localdate())
    return rows.prefetch_related("rungs")


class OwnLadder(AnsweredOnce):
    """A ladder of a member or an invoice, at its own address."""

    validated: Any
    user: Any

    @extend_schema(
        request=serializers.GivenLadderInput,
        responses={201: serializers.ReminderPolicySerializer},
    )
    @action(detail=True, methods=["post"], url_path="own-ladder", requires_key=True)
    def give_ladder(self, request: Request, pk: str) -> Response:
        subject = self.get_object()
        data = self.validated(serializers.GivenLadderInput)
        policy = services.give_ladder(
            subject,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        shown = told_ladders().get(pk=policy.pk)
        return made(serializers.ReminderPolicySerializer(shown))


class ChosenReminders(AnsweredOnce):
    """What a member chooses of its reminders, at its own address."""

    validated: Any
    user: Any

    @extend_schema(
        request=serializers.ReminderPreferenceInput,
        responses={201: serializers.ReminderPreferenceSerializer},
    )
    @action(detail=True, methods=["post"], url_path="reminders", requires_key=True)
    def choose_reminders(self, request: Request, pk: str) -> Response:
        """Say how early the member is told, and who else reads it."""
        organization = self.get_object()
        data = self.validated(serializers.ReminderPreferenceInput)
        chosen = services.choose_reminders(organization, **data, by=self.user)
        return made(serializers.ReminderPreferenceSerializer(chosen))


class ReminderPreferenceViewSet(RecordViewSet):
    """How early members are told of what falls due, and who else reads it."""

    queryset = ReminderPreference.objects.prefetch_related(
        "organization__reminder_copies"
    )
    serializer_class = serializers.ReminderPreferenceSerializer


class ReminderPolicyViewSet(RecordViewSet):
    """Versions of the ladder of all, and the ladders of members and invoices."""

    queryset = ReminderPolicy.objects.all()
    serializer_class = serializers.ReminderPolicySerializer
    filterset_class = filters.ReminderPolicyFilter
    requires_key = True

    def get_queryset(self) -> Any:
        rows = super().get_queryset().with_standing(on=timezone.localdate())
        return rows.prefetch_related("rungs")

    @property
    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}

    @extend_schema(
        request=serializers.ReminderPolicyInput,
        responses={201: serializers.ReminderPolicySerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.ReminderPolicyInput)
        today = timezone.localdate()
        policy = services.propose_ladder(**data, today=today, **self.now)
        return self.answer(policy, status.HTTP_201_CREATED)

    @extend_schema(responses=serializers.LadderEffectSerializer)
    @action(detail=True, methods=["get"])
    def effect(self, request: Request, pk: str) -> Response:
        """Say what would change of the next 60 days if it were put in force."""
        version = services.proposed(self.get_object())
        found = services.effect_of(version, at=timezone.now(), on=timezone.localdate())
        return Response(serializers.LadderEffectSerializer(found).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        policy, today = self.get_object(), timezone.localdate()
        return self.answer(services.approve_ladder(policy, today=today, **self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        return self.answer(services.refuse_ladder(self.get_object(), **self.now))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        policy, data = self.get_object(), self.validated(ReasonInput)
        today = timezone.localdate()
        return self.answer(services.end_ladder(policy, **data, today=today, **self.now))
