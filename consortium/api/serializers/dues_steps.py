"""What was done about long overdue dues."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import DECISIONS, DuesStep, SponsorNote


class DuesStepSerializer(RecordSerializer):
    class Meta:
        model = DuesStep
        fields = [
            *["id", "invoice", "kind", "on", "reason", "reference"],
            *["recorded_at", "recorded_by"],
        ]


class DecideDuesInput(serializers.Serializer):
    kind = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in DECISIONS]
    )
    reason = serializers.CharField(max_length=500)


class TellSteeringInput(serializers.Serializer):
    on = serializers.DateField()
    reason = serializers.CharField(max_length=500, required=False, default="")


class HandOverInput(TellSteeringInput):
    reference = serializers.CharField(max_length=100, required=False, default="")


class SponsorNoteSerializer(RecordSerializer):
    is_needed = serializers.BooleanField(read_only=True)

    class Meta:
        model = SponsorNote
        fields = [
            *["id", "invoice", "state", "cycle", "subject", "text", "drafted_at"],
            *["decided_at", "decided_by", "reason", "is_needed", "version"],
        ]


class SponsorNoteInput(serializers.ModelSerializer):
    class Meta:
        model = SponsorNote
        fields = ["subject", "text"]
