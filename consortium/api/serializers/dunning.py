"""The dunning log: what became of each rung of dues."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.models import ReminderDelivery

from ...models import Became


class DunningSerializer(RecordSerializer):
    became = serializers.ChoiceField(choices=Became.choices, read_only=True)
    invoice = serializers.IntegerField(source="invoice_id", read_only=True)
    invoice_number = serializers.CharField(read_only=True)
    sent_at = serializers.DateTimeField(read_only=True, allow_null=True)
    mail_subject = serializers.CharField(read_only=True, allow_null=True)
    task_done_at = serializers.DateTimeField(read_only=True, allow_null=True)
    task_outcome = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = ReminderDelivery
        fields = [
            *["id", "planned_on", "invoice", "invoice_number", "organization_key"],
            *["rung", "days", "anchor_on", "cycle", "person", "address", "copies"],
            *["variant", "became", "reason", "note", "settled_at", "acted_by"],
            *["sent_at", "mail_subject", "message", "task", "task_done_at"],
            "task_outcome",
        ]
