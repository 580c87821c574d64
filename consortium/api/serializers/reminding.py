"""The ladder of reminders of an invoice, and what people do with it."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.models import ReminderHold

from .amounts import amount_field


class HoldDuesInput(serializers.Serializer):
    rung = serializers.CharField(max_length=40, required=False, default="")
    until_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class SendReminderInput(serializers.Serializer):
    """``seen`` is the ``seal`` of the mail that was read; without it any goes out."""

    seen = serializers.CharField(max_length=64, required=False, default="")


class HoldOfDues(RecordSerializer):
    class Meta:
        model = ReminderHold
        fields = ["id", "rung", "subject_id", "reason", "until_on", "held_at"]


class RungSerializer(serializers.Serializer):
    rung = serializers.CharField(source="rung.key")
    planned_on = serializers.DateField()
    outcome = serializers.CharField(source="outcome.code")
    sentence = serializers.CharField(source="outcome.sentence")
    reminder = serializers.IntegerField(source="delivery.pk", default=None)


class LadderSerializer(serializers.Serializer):
    line = serializers.IntegerField(source="line.pk")
    asked = amount_field(source="line.chased")
    stop = serializers.CharField()
    rungs = RungSerializer(many=True)


class NextReminderSerializer(serializers.Serializer):
    rungs = serializers.ListField(child=serializers.CharField())
    to = serializers.CharField()
    copies = serializers.ListField(child=serializers.CharField())
    subject = serializers.CharField(source="letter.subject", default="")
    text = serializers.CharField(source="letter.text", default="")
    seal = serializers.CharField()
    why_not = serializers.CharField()


class LadderOfInvoice(serializers.Serializer):
    """What holds it, what came of each rung, and the mail that would go out now."""

    holds = HoldOfDues(many=True)
    lines = LadderSerializer(many=True)
    next = NextReminderSerializer()
