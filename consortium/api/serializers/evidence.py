"""Documents that show a contribution."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.money import CENT

from ...models import CURRENCY_CODE, Evidence
from .amounts import amount_field, amount_read


class EvidenceSerializer(RecordSerializer):
    used = amount_read()
    left = amount_read()
    rate = serializers.DecimalField(max_digits=20, decimal_places=6, read_only=True)

    class Meta:
        model = Evidence
        fields = [
            *["id", "version", "organization", "invoice", "payer", "number", "amount"],
            *["currency", "foreign_amount", "foreign_currency", "rate"],
            *["dated_on", "used", "left", "recorded_at"],
        ]


class EvidenceChange(RecordSerializer):
    amount = amount_field(min_value=CENT)
    foreign_amount = amount_field(min_value=CENT, allow_null=True)

    class Meta:
        model = Evidence
        fields = ["amount", "foreign_amount", "foreign_currency", "dated_on"]


class PaperInput(serializers.Serializer):
    payer = serializers.CharField(max_length=200)
    number = serializers.CharField(max_length=100)
    amount = amount_field(min_value=CENT)
    dated_on = serializers.DateField()
    foreign_amount = amount_field(min_value=CENT, allow_null=True, default=None)
    foreign_currency = serializers.RegexField(
        CURRENCY_CODE, allow_blank=True, default=""
    )
