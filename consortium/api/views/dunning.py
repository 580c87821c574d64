"""The dunning log for programs."""

from typing import Any

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
        return rows.select_related("message", "task").permitted(self.user, "view")
