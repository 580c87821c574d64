"""What every member gets in a year, and since when."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.money import CENT

from ...models import MOST_OF_A_BENEFIT, Benefit, BenefitRate


class BenefitRateSerializer(RecordSerializer):
    """What years get that begin on ``from_on`` or later; 0 ends a benefit."""

    class Meta:
        model = BenefitRate
        fields = [
            *["id", "from_on", "quantity", "larger_from", "larger_quantity"],
            *["reason", "recorded_at"],
        ]


class BenefitSerializer(RecordSerializer):
    rates = BenefitRateSerializer(many=True, read_only=True)

    class Meta:
        model = Benefit
        fields = ["id", "name", "unit", "carries_over", "rates", "defined_at"]


class RateInput(serializers.Serializer):
    """A year that asks for ``larger_from`` US dollars, or more, gets the larger one."""

    from_on = serializers.DateField()
    quantity = serializers.IntegerField(min_value=0, max_value=MOST_OF_A_BENEFIT)
    larger_from = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=CENT, required=False
    )
    larger_quantity = serializers.IntegerField(
        min_value=1, max_value=MOST_OF_A_BENEFIT, required=False
    )


class DefineBenefitInput(RateInput):
    name = serializers.CharField(max_length=100)
    unit = serializers.CharField(max_length=40)
    carries_over = serializers.BooleanField(required=False, default=False)


class ChangeBenefitInput(RateInput):
    reason = serializers.CharField(max_length=500)


class EndBenefitInput(serializers.Serializer):
    """Years that begin on ``from_on`` or later get none."""

    from_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)
