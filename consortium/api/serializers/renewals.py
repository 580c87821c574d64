"""Renewals: how likely each is, what the member says, goodwill, and farewell."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    Contact,
    ExitInterview,
    ExitReason,
    GoodwillAccess,
    RenewalAnswer,
    RenewalEstimate,
)
from ...states import RenewalAnswerKind


class RenewalEstimateSerializer(RecordSerializer):
    """A probability in percent; the last one of an agreement counts."""

    class Meta:
        model = RenewalEstimate
        fields = [
            *["id", "agreement", "probability", "reason"],
            *["estimated_by", "estimated_at"],
        ]


class RenewalEstimateInput(serializers.Serializer):
    probability = serializers.IntegerField(min_value=0, max_value=100)
    reason = serializers.CharField(max_length=500)


class RenewalAnswerSerializer(RecordSerializer):
    """What a member said; the last one of an agreement counts."""

    days_late = serializers.IntegerField(read_only=True)
    is_accepted = serializers.BooleanField(read_only=True, allow_null=True)

    class Meta:
        model = RenewalAnswer
        fields = [
            *["id", "agreement", "answer", "received_on", "notice_on", "days_late"],
            *["is_accepted", "words", "recorded_at"],
        ]


class RenewalAnswerInput(serializers.Serializer):
    """Of the member itself it is received today, whatever it says."""

    answer = serializers.ChoiceField(choices=RenewalAnswerKind.choices)
    received_on = serializers.DateField(required=False)
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class LateNoticeInput(serializers.Serializer):
    is_accepted = serializers.BooleanField()
    reason = serializers.CharField(max_length=500)


class GoodwillSerializer(RecordSerializer):
    class Meta:
        model = GoodwillAccess
        fields = ["id", "agreement", "until_on", "reason", "recorded_at"]


class GoodwillInput(serializers.Serializer):
    until_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class ExitInterviewSerializer(RecordSerializer):
    class Meta:
        model = ExitInterview
        fields = [
            *["id", "agreement", "held_on", "contact", "reasons", "words"],
            *["may_return", "recorded_at"],
        ]


class ExitInterviewInput(serializers.Serializer):
    held_on = serializers.DateField()
    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all())
    reasons = serializers.MultipleChoiceField(
        choices=ExitReason.choices, allow_empty=False
    )
    words = serializers.CharField(max_length=4000)
    may_return = serializers.BooleanField(default=False)
