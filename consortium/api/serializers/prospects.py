"""Companies that may join, and what is asked on the page for it."""

from rest_framework import serializers

from inm_portal.accounts.models import User
from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import Inquiry, Offer, Organization, Prospect, ProspectStep, Sector
from ...states import Stage


class InquirySerializer(RecordSerializer):
    class Meta:
        model = Inquiry
        fields = [
            *["id", "company", "name", "email", "offer", "message", "received_at"],
            *["set_aside_because", "set_aside_at"],
        ]


class TakeUpInput(serializers.Serializer):
    """Of a company that is known, or of a new one in a sector."""

    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all(), required=False, allow_null=True
    )
    sector = serializers.ChoiceField(choices=Sector.choices, default=Sector.OTHER)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())


class StepSerializer(RecordSerializer):
    class Meta:
        model = ProspectStep
        fields = [
            *["id", "stage", "amount", "probability", "expected_on", "note"],
            *["recorded_by", "recorded_at"],
        ]


class StepInput(RecordSerializer):
    class Meta:
        model = ProspectStep
        fields = ["stage", "amount", "probability", "expected_on", "note"]


class ProspectSerializer(RecordSerializer):
    """Where it stands by its last step."""

    stage = serializers.ChoiceField(choices=Stage.choices, read_only=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)
    probability = serializers.IntegerField(read_only=True)
    expected_on = serializers.DateField(read_only=True)
    weighted = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)

    class Meta:
        model = Prospect
        fields = [
            *["id", "organization", "offer", "owner", "inquiry", "opened_on"],
            *["stage", "amount", "probability", "expected_on", "weighted"],
            "currency",
        ]


class ProspectInput(StepInput):
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all()
    )
    offer = serializers.ChoiceField(choices=Offer.choices)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())

    class Meta(StepInput.Meta):
        fields = ["organization", "offer", "owner", *StepInput.Meta.fields]
