"""Agreements, with their years, deviations and waivers."""

from typing import Any

from django.core.validators import MinValueValidator
from django_countries.serializer_fields import CountryField
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import EARLIEST, Agreement, AgreementYear, Deviation, FloorWaiver
from ...services import YearTerms
from ...states import AgreementState


class AgreementYearSerializer(RecordSerializer):
    class Meta:
        model = AgreementYear
        fields = ["number", "required", "fee_part"]


class YearTermsInput(serializers.Serializer):
    required = serializers.DecimalField(  # type: ignore[assignment]
        max_digits=14, decimal_places=2, min_value=1
    )
    fee_part = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)


class WaiverSerializer(RecordSerializer):
    class Meta:
        model = FloorWaiver
        fields = ["reason", "granted_by", "granted_at"]


class TerminationSerializer(RecordSerializer):
    class Meta:
        model = Agreement
        fields = [
            *["notice_received_on", "last_on", "notice_days", "terminated_because"],
            *["termination_recorded_on", "notice"],
        ]


class DeviationSerializer(RecordSerializer):
    class Meta:
        model = Deviation
        fields = ["id", "clause", "template_says", "agreement_says", "reason"]


class TermsInForce(serializers.Serializer):
    """The terms of today, or of the day asked for, after the amendments known then."""

    contracting_entity = serializers.CharField(source="contracting_entity_now")
    entity_country = serializers.CharField(source="entity_country_now")
    entity_tax_number = serializers.CharField(source="entity_tax_number_now")
    billing_frequency = serializers.CharField(source="billing_frequency_now")
    payment_terms_days = serializers.IntegerField(source="payment_terms_days_now")
    renewal_notice_days = serializers.IntegerField(source="renewal_notice_days_now")


class AgreementSerializer(RecordSerializer):
    """An agreement as lists show it."""

    entity_country = serializers.CharField(read_only=True)
    term_years = serializers.IntegerField(source="term_years_now", read_only=True)
    ends_on = serializers.DateField(source="ends_on_now", read_only=True)
    total = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True)
    state = serializers.ChoiceField(
        choices=AgreementState.choices, source="state_now", read_only=True
    )

    class Meta:
        model = Agreement
        fields = [
            *["id", "version", "organization", "state", "template_version"],
            *["contracting_entity", "entity_country", "entity_tax_number"],
            *["effective_on", "term_years", "ends_on", "currency", "total"],
            *["billing_frequency", "payment_terms_days", "renewal_notice_days"],
            *["in_kind_cap_percent", "carries_forward", "cure_days", "signed_on"],
            *["signed_for_member_by", "signed_for_mit_by", "executed"],
            "executed_sha256",
        ]


class AgreementDetail(AgreementSerializer):
    """An agreement with its years, its deviations and what is in force of it."""

    entity_country = CountryField(read_only=True)  # type: ignore[assignment]
    is_foreign = serializers.BooleanField(read_only=True)
    deviations = DeviationSerializer(many=True, read_only=True)
    number = serializers.CharField(read_only=True)
    years = AgreementYearSerializer(many=True, read_only=True)
    renewal_notice_on = serializers.DateField(read_only=True)
    days_late = serializers.IntegerField(read_only=True)
    in_force = TermsInForce(source="*", read_only=True)
    waiver = WaiverSerializer(read_only=True, allow_null=True)
    termination = TerminationSerializer(
        source="termination_known", read_only=True, allow_null=True
    )

    class Meta(AgreementSerializer.Meta):
        fields = [
            *[*AgreementSerializer.Meta.fields, "number", "is_foreign", "deviations"],
            *["renewal_notice_on", "years", "days_late", "in_force", "waiver"],
            "termination",
        ]


class AgreementInput(RecordSerializer):
    entity_country = CountryField(required=False)
    years = YearTermsInput(many=True, min_length=1, max_length=10)  # type: ignore[call-arg]

    class Meta:
        model = Agreement
        fields = [
            "template_version",
            "contracting_entity",
            "entity_country",
            "entity_tax_number",
            "effective_on",
            "currency",
            "billing_frequency",
            "payment_terms_days",
            "renewal_notice_days",
            "in_kind_cap_percent",
            "carries_forward",
            "cure_days",
            "years",
        ]

    def validate_years(self, years: list[dict[str, Any]]) -> list[YearTerms]:
        return [YearTerms(**year) for year in years]


class WaiverInput(serializers.Serializer):
    reason = serializers.CharField()


class TerminationInput(serializers.Serializer):
    notice_received_on = serializers.DateField(validators=[MinValueValidator(EARLIEST)])
    last_on = serializers.DateField()
    reason = serializers.CharField()
    file = serializers.FileField(required=False)


class SignatureInput(serializers.Serializer):
    signed_on = serializers.DateField(validators=[MinValueValidator(EARLIEST)])
    signed_for_member_by = serializers.CharField(max_length=200)
    signed_for_mit_by = serializers.CharField(max_length=200)
    file = serializers.FileField()
