"""Requests to change where money goes, and the calls that check them."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import CallBack, Contact, Organization
from ...states import CallBackStanding


class CallBackSerializer(RecordSerializer):
    """A request, in words, and what the contact said who was called."""

    standing = serializers.ChoiceField(
        choices=CallBackStanding.choices, source="state", read_only=True
    )

    class Meta:
        model = CallBack
        fields = [
            *["id", "organization", "received_on", "asked_by", "reason", "contact"],
            *["phone", "standing", "answer", "proposed_by", "proposed_at"],
            *["decided_by", "decided_at"],
        ]


class CallBackInput(RecordSerializer):
    """A request; ``reason`` says what is asked for, without any account number."""

    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all()
    )
    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all())
    reason = serializers.CharField(max_length=500)

    class Meta:
        model = CallBack
        fields = ["organization", "received_on", "asked_by", "reason", "contact"]


class CallBackAnswer(serializers.Serializer):
    answer = serializers.CharField(max_length=500)
