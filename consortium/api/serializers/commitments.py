"""Commitment years, where each stands, its ledger and waivers of its shortfall."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import CommitmentYear, CreditEntry, ShortfallWaiver
from ...states import YearStatus
from .amounts import amount_read


class CommitmentYearSerializer(RecordSerializer):
    """
    A year with the amounts in force, beside those signed at first.

    Where it stands is told by its commitment position, which has its key.
    """

    organization = serializers.IntegerField(source="organization_id")
    required = serializers.DecimalField(  # type: ignore[assignment]
        source="required_now", max_digits=14, decimal_places=2, read_only=True
    )
    fee_part = serializers.DecimalField(
        source="fee_now", max_digits=14, decimal_places=2, read_only=True
    )
    required_at_signing = serializers.DecimalField(
        source="required", max_digits=14, decimal_places=2, read_only=True
    )
    fee_part_at_signing = serializers.DecimalField(
        source="fee_part", max_digits=14, decimal_places=2, read_only=True
    )

    class Meta:
        model = CommitmentYear
        fields = [
            *["id", "organization", "agreement", "number", "starts_on", "ends_on"],
            *["required", "fee_part", "required_at_signing", "fee_part_at_signing"],
            "currency",
        ]


class CommitmentPositionSerializer(RecordSerializer):
    """What counts toward a commitment year, as known on a day."""

    organization = serializers.IntegerField(source="organization_id")
    required = serializers.DecimalField(  # type: ignore[assignment]
        source="required_now", max_digits=14, decimal_places=2, read_only=True
    )
    status = serializers.ChoiceField(choices=YearStatus.choices, read_only=True)
    credited = amount_read()
    pending = amount_read()
    short = amount_read()
    waived = amount_read()
    excess = amount_read()
    recognized = amount_read()
    in_kind = amount_read()
    cap = amount_read()
    in_cash = amount_read()
    cash_part = amount_read()
    cash_short = amount_read()
    cure_until = serializers.DateField(read_only=True)

    class Meta:
        model = CommitmentYear
        fields = [
            *["id", "organization", "agreement", "number", "starts_on", "ends_on"],
            *["currency", "required", "status", "credited", "pending", "short"],
            *["excess", "recognized", "in_kind", "cap", "in_cash", "cash_part"],
            *["cash_short", "waived", "cure_until"],
        ]


class LedgerEntrySerializer(RecordSerializer):
    """
    A line of the ledger of a commitment year; ``credited`` is the sum of them.

    Excess that is carried forward has no ``credit``, and names the year that it
    comes from. ``by`` is told to people at INM alone.
    """

    by = serializers.IntegerField(source="told_by", read_only=True, allow_null=True)

    class Meta:
        model = CreditEntry
        fields = [
            *["id", "commitment_year", "kind", "amount", "recognized", "credit"],
            *["carried_from", "value_on", "recorded_at", "reason", "by"],
        ]


class ShortfallWaiverSerializer(RecordSerializer):
    class Meta:
        model = ShortfallWaiver
        fields = ["id", "commitment_year", "amount", "reason", "granted_at"]
