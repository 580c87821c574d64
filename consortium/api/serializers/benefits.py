"""What members get in each year, and what they used of it."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import MOST_OF_A_BENEFIT, BenefitUse, Deviation, Entitlement


class EntitlementSerializer(RecordSerializer):
    """A benefit in one year: by its amount, granted beside it, used and left, today."""

    by_tier = serializers.IntegerField(read_only=True)
    granted = serializers.IntegerField(read_only=True)
    quantity = serializers.IntegerField(read_only=True)
    used = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True)

    class Meta:
        model = Entitlement
        fields = [
            *["id", "organization", "commitment_year", "benefit", "by_tier"],
            *["granted", "quantity", "used", "left"],
        ]


class BenefitUseSerializer(RecordSerializer):
    class Meta:
        model = BenefitUse
        fields = [
            *["id", "commitment_year", "benefit", "quantity", "used_on", "what"],
            *["over_use_reason", "reverses", "recorded_at"],
        ]


class UseBenefitInput(serializers.Serializer):
    """A use; ``over_use_reason`` where more is used than is left."""

    quantity = serializers.IntegerField(min_value=1, max_value=MOST_OF_A_BENEFIT)
    used_on = serializers.DateField()
    what = serializers.CharField(max_length=300)
    over_use_reason = serializers.CharField(max_length=500, required=False)


class GrantBenefitInput(serializers.Serializer):
    """More of it by goodwill; by a deviation of the agreement, also less."""

    quantity = serializers.IntegerField(
        min_value=-MOST_OF_A_BENEFIT, max_value=MOST_OF_A_BENEFIT
    )
    reason = serializers.CharField(max_length=500)
    deviation = serializers.PrimaryKeyRelatedField(
        queryset=Deviation.objects.all(), required=False
    )
