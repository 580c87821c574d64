"""What a screening of a company said."""

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import Screening


class ScreeningSerializer(RecordSerializer):
    class Meta:
        model = Screening
        fields = [
            *["id", "organization", "screened_name", "result", "screened_on"],
            *["note", "recorded_at", "recorded_by"],
        ]


class ScreeningInput(RecordSerializer):
    class Meta:
        model = Screening
        fields = ["result", "screened_name", "screened_on", "note"]
