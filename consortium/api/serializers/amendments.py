"""Changes of agreements, and what each would do."""

from typing import Any

from django_countries.serializer_fields import CountryField
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import AmendedYear, Amendment
from ...services import YearTerms
from .agreements import WaiverSerializer, YearTermsInput


class AmendedYearSerializer(RecordSerializer):
    class Meta:
        model = AmendedYear
        fields = ["number", "required", "fee_part"]


class AmendmentSerializer(RecordSerializer):
    """An amendment as lists show it."""

    entity_country = serializers.CharField(read_only=True)

    class Meta:
        model = Amendment
        fields = [
            *["id", "version", "agreement", "number", "state", "effective_on"],
            *["counting", "reason", "contracting_entity", "entity_country"],
            *["entity_tax_number", "billing_frequency", "payment_terms_days"],
            *["renewal_notice_days", "other_terms", "signed_on"],
            *["signed_for_member_by", "signed_for_mit_by", "executed"],
            *["executed_sha256", "abandoned_because"],
        ]


class AmendmentDetail(AmendmentSerializer):
    """An amendment with the years that it changes."""

    entity_country = CountryField(read_only=True)  # type: ignore[assignment]
    years = AmendedYearSerializer(many=True, read_only=True)
    days_late = serializers.IntegerField(read_only=True)
    waiver = WaiverSerializer(read_only=True, allow_null=True)

    class Meta(AmendmentSerializer.Meta):
        fields = [*AmendmentSerializer.Meta.fields, "years", "days_late", "waiver"]


class AmendedYearInput(YearTermsInput):
    number = serializers.IntegerField(min_value=1, max_value=10)


class AmendmentInput(RecordSerializer):
    entity_country = CountryField(required=False, allow_blank=True)
    years = AmendedYearInput(many=True, max_length=10, required=False)  # type: ignore[call-arg]

    class Meta:
        model = Amendment
        fields = [
            *["effective_on", "reason", "counting", "contracting_entity"],
            *["entity_country", "entity_tax_number", "billing_frequency"],
            *["payment_terms_days", "renewal_notice_days", "other_terms", "years"],
        ]

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = data.get("years", [])
        years = {row.pop("number"): YearTerms(**row) for row in rows}
        return data | {"years": years}


class ChangeSerializer(serializers.Serializer):
    what = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class YearLineSerializer(serializers.Serializer):
    number = serializers.IntegerField(source="year.number")
    is_past = serializers.BooleanField()
    is_added = serializers.BooleanField()
    before = serializers.DecimalField(max_digits=14, decimal_places=2)
    after = serializers.DecimalField(max_digits=14, decimal_places=2)
    fee_before = serializers.DecimalField(max_digits=14, decimal_places=2)
    fee_after = serializers.DecimalField(max_digits=14, decimal_places=2)


class ExpectedLineSerializer(serializers.Serializer):
    number = serializers.IntegerField(source="year.number")
    before = serializers.DecimalField(
        source="fee_before", max_digits=14, decimal_places=2
    )
    after = serializers.DecimalField(
        source="fee_after", max_digits=14, decimal_places=2
    )
    difference = serializers.DecimalField(
        source="fee_change", max_digits=14, decimal_places=2
    )


class ForecastSerializer(serializers.Serializer):
    """What changes of the cash that is expected: the fee of each year, and in all."""

    years = ExpectedLineSerializer(many=True)
    before = serializers.DecimalField(
        source="fee_before", max_digits=14, decimal_places=2
    )
    after = serializers.DecimalField(
        source="fee_after", max_digits=14, decimal_places=2
    )
    difference = serializers.DecimalField(
        source="fee_change", max_digits=14, decimal_places=2
    )


class ElsewhereSerializer(serializers.Serializer):
    """What changes in another part; without ``changes``, the portal cannot say yet."""

    part = serializers.CharField()
    changes = ChangeSerializer(many=True, allow_null=True)


class PreviewSerializer(serializers.Serializer):
    years = YearLineSerializer(many=True)
    terms = ChangeSerializer(many=True)
    forecast = ForecastSerializer()
    needs_waiver = serializers.BooleanField()
    elsewhere = ElsewhereSerializer(many=True)
    letter = serializers.CharField()
