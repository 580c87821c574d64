"""Reminders, holds, stops, closures and tasks for programs."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import tasklist
from inm_portal.kernel.api.serializers import ReasonInput, RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.models import (
    Closure,
    ReminderDelivery,
    ReminderHold,
    ReminderStop,
    Task,
)
from inm_portal.kernel.reminders import breaker, by_hand

from ..closures import ClosureFilter
from ..tasklist import TaskFilter
from .holds import HoldFilter
from .lists import PastFilter, for_pages, told


class ReminderFilter(PastFilter):
    """For programs, by day and by object too."""

    since = django_filters.DateFilter("planned_on", "gte")
    until = django_filters.DateFilter("planned_on", "lte")
    subject_type = django_filters.CharFilter()
    subject_id = KeyFilter()


class OutcomeSerializer(serializers.Serializer):
    """What came of a reminder: a word, and a sentence."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class ReminderSerializer(RecordSerializer):
    outcome = OutcomeSerializer(read_only=True)

    class Meta:
        model = ReminderDelivery
        fields = [
            *["id", "rule", "rung", "subject_type", "subject_id", "organization_key"],
            *["cycle", "anchor_on", "planned_on", "person", "address", "state"],
            *["reason", "note", "settled_at", "task", "outcome"],
        ]


class HoldSerializer(RecordSerializer):
    class Meta:
        model = ReminderHold
        fields = [
            *["id", "rule", "rung", "subject_type", "subject_id", "organization_key"],
            *["reason", "until_on", "held_at", "held_by", "lifted_at", "lifted_by"],
        ]


class HoldInput(serializers.ModelSerializer):
    class Meta:
        model = ReminderHold
        fields = [
            *["rule", "rung", "subject_type", "subject_id", "organization_key"],
            *["reason", "until_on"],
        ]


class StopSerializer(RecordSerializer):
    count = serializers.IntegerField(read_only=True)

    class Meta:
        model = ReminderStop
        fields = [
            *["id", "rule", "stopped_at", "count", "decided_at", "decided_by"],
            *["is_released", "reason"],
        ]


class ClosureSerializer(RecordSerializer):
    class Meta:
        model = Closure
        fields = [
            *["id", "on", "name", "added_at", "added_by"],
            *["withdrawn_at", "withdrawn_by"],
        ]


class ClosureInput(serializers.ModelSerializer):
    class Meta:
        model = Closure
        fields = ["on", "name"]


class TaskSerializer(RecordSerializer):
    class Meta:
        model = Task
        fields = [
            *["id", "kind", "subject_type", "subject_id", "url", "person", "what"],
            *["why", "due_on", "opened_at", "done_at", "done_by", "outcome"],
        ]


class OutcomeInput(serializers.Serializer):
    outcome = serializers.CharField(max_length=500)


class ReminderViewSet(RecordViewSet):
    queryset = ReminderDelivery.objects.all()
    serializer_class = ReminderSerializer
    filterset_class = ReminderFilter

    def get_queryset(self) -> Any:
        return for_pages(super().get_queryset())

    def paginate_queryset(self, queryset: Any) -> Any:
        return told(super().paginate_queryset(queryset))

    def shown(self, obj: Any, status_code: int = status.HTTP_200_OK) -> Response:
        return super().shown(told([obj])[0], status_code)

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def fill(self, request: Request, pk: str) -> Response:
        delivery = self.get_object()
        data = self.validated(ReasonInput)
        return self.answer(
            by_hand.fill_reminder(
                delivery, note=data["reason"], at=timezone.now(), by=self.user
            )
        )


class HoldViewSet(RecordViewSet):
    queryset = ReminderHold.objects.all()
    serializer_class = HoldSerializer
    filterset_class = HoldFilter

    @extend_schema(request=HoldInput)
    def create(self, request: Request) -> Response:
        data = self.validated(HoldInput)
        hold = by_hand.hold_reminders(**data, today=timezone.localdate(), by=self.user)
        return self.answer(hold, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: str) -> Response:
        hold = self.get_object()
        return self.answer(by_hand.lift_hold(hold, at=timezone.now(), by=self.user))


class StopViewSet(RecordViewSet):
    queryset = ReminderStop.objects.with_count()
    serializer_class = StopSerializer

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        stop, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(
            breaker.release_stop(stop, **data, at=timezone.now(), by=self.user)
        )

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        stop, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(
            breaker.cancel_stopped(stop, **data, at=timezone.now(), by=self.user)
        )


class ClosureViewSet(RecordViewSet):
    queryset = Closure.objects.all()
    serializer_class = ClosureSerializer
    filterset_class = ClosureFilter

    @extend_schema(request=ClosureInput)
    def create(self, request: Request) -> Response:
        data = self.validated(ClosureInput)
        closure = by_hand.add_closure(**data, by=self.user)
        return self.answer(closure, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        closure = self.get_object()
        return self.answer(
            by_hand.withdraw_closure(closure, at=timezone.now(), by=self.user)
        )


class TaskViewSet(RecordViewSet):
    queryset = Task.objects.all()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    @extend_schema(request=OutcomeInput)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        task, data = self.get_object(), self.validated(OutcomeInput)
        return self.answer(
            tasklist.finish_task(task, **data, at=timezone.now(), by=self.user)
        )
