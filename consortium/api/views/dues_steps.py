"""The last rungs of the ladder: notes to sponsors, and what was decided."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.idempotency import AnsweredOnce
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import filters, services
from ...models import DuesStep, SponsorNote, StepKind
from .. import serializers
from ..parameters import IF_MATCH

STEP = {201: serializers.DuesStepSerializer}


class StepsOfInvoice(AnsweredOnce):
    """What is recorded of an overdue invoice, at its own address."""

    validated: Any
    user: Any

    @extend_schema(request=serializers.HandOverInput, responses=STEP)
    @action(detail=True, methods=["post"], url_path="hand-over", requires_key=True)
    def hand_over(self, request: Request, pk: str) -> Response:
        """Record that its collection went over to MIT AR."""
        return self.take(StepKind.HANDED_OVER, serializers.HandOverInput)

    @extend_schema(request=serializers.DecideDuesInput, responses=STEP)
    @action(detail=True, methods=["post"], url_path="decide-dues", requires_key=True)
    def decide_dues(self, request: Request, pk: str) -> Response:
        """Decide on the benefits of a member that does not pay."""
        return self.take(None, serializers.DecideDuesInput)

    @extend_schema(request=serializers.TellSteeringInput, responses=STEP)
    @action(detail=True, methods=["post"], url_path="tell-steering", requires_key=True)
    def tell_steering(self, request: Request, pk: str) -> Response:
        """Record that the steering committee was told of it."""
        return self.take(StepKind.TOLD, serializers.TellSteeringInput)

    def take(self, kind: StepKind | None, asked: Any) -> Response:
        invoice, today = self.get_object(), timezone.localdate()
        told = {"kind": kind, "on": today} | self.validated(asked)
        step = services.take_step(
            invoice, **told, today=today, at=timezone.now(), by=self.user
        )
        shown = serializers.DuesStepSerializer(step)
        return Response(shown.data, status=status.HTTP_201_CREATED)


class DuesStepViewSet(RecordViewSet):
    """What was handed over, decided, and told to the steering committee."""

    queryset = DuesStep.objects.all()
    serializer_class = serializers.DuesStepSerializer
    filterset_class = filters.DuesStepFilter


class SponsorNoteViewSet(RecordViewSet):
    """Notes from the director to sponsors of late members."""

    queryset = SponsorNote.objects.with_need()
    serializer_class = serializers.SponsorNoteSerializer
    filterset_class = filters.SponsorNoteFilter
    requires_key = True

    @property
    def now(self) -> dict[str, Any]:
        return {"today": timezone.localdate(), "at": timezone.now(), "by": self.user}

    @extend_schema(request=serializers.SponsorNoteInput, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        note, data = self.get_object(), self.validated(serializers.SponsorNoteInput)
        version = version_of(request)
        return self.answer(
            services.change_note(note, **data, version=version, by=self.user)
        )

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str) -> Response:
        """Send the note that was read to those who sponsor the member."""
        note, version = self.get_object(), version_of(request)
        return self.answer(services.send_note(note, version=version, **self.now))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        note, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(services.decline_note(note, **data, **self.now))
