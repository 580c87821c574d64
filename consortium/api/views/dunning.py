"""The dunning log for programs."""

from typing import Any

from django.db.models import F
from django.utils import timezone

from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.models import ReminderDelivery

from ... import filters
from ...models import dunning_log
from .. import serializers


class DunningLogViewSet(RecordViewSet):
    """Each rung of the ladder of dues that fell due, and what became of it."""

    queryset = ReminderDelivery.objects.all()
    serializer_class = serializers.DunningSerializer
    filterset_class = filters.DunningFilter

    def get_queryset(self) -> Any:
        rows: Any = dunning_log(on=timezone.localdate())
        told = rows.annotate(
            sent_at=F("message__sent_at"),
            mail_subject=F("message__subject"),
            task_done_at=F("task__done_at"),
            task_outcome=F("task__outcome"),
        )
        return told.permitted(self.user, "view")
