"""How likely staff hold the renewal of a term."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import RenewalEstimate


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
