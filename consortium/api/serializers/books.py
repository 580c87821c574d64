"""The ledger, its months, what was handed on and what finance recognized."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...filters import read_month
from ...models import (
    ExportBatch,
    LedgerEntry,
    LedgerLine,
    PeriodClose,
    PeriodReopening,
    RecognisedAmount,
    RecognitionImport,
)
from .amounts import amount_read


class LedgerLineSerializer(RecordSerializer):
    class Meta:
        model = LedgerLine
        fields = ["id", "account", "organization", "debit", "credit"]


class PostedEntrySerializer(RecordSerializer):
    """An entry of the ledger as lists show it; its number is its key."""

    organization = serializers.IntegerField(
        source="member_key", read_only=True, allow_null=True
    )

    class Meta:
        model = LedgerEntry
        fields = [
            *["id", "kind", "amount", "currency", "value_on", "posted_on"],
            *["organization", "reason", "reverses", "recorded_at", "recorded_by"],
        ]


class PostedEntryDetail(PostedEntrySerializer):
    """An entry with its lines, which balance."""

    lines = LedgerLineSerializer(many=True, read_only=True)

    class Meta(PostedEntrySerializer.Meta):
        fields = [*PostedEntrySerializer.Meta.fields, "lines"]


class MonthField(serializers.DateField):
    """A month, written as 2026-07."""

    def to_internal_value(self, value: Any) -> Any:
        first = read_month(value) if isinstance(value, str) else None
        if first is None:
            raise serializers.ValidationError("Write the month as in 2026-07.")
        return first

    def to_representation(self, value: Any) -> str:
        return f"{value:%Y-%m}"


@extend_schema_field(serializers.RegexField(r"^[0-9]{4}-[0-9]{2}$"))
class WrittenMonth(MonthField):
    """A month, as the schema tells it."""


class PeriodReopeningSerializer(RecordSerializer):
    """That a closed month is opened again: by one person asked, by another done."""

    class Meta:
        model = PeriodReopening
        fields = [
            *["id", "close", "state", "reason", "proposed_by", "proposed_at"],
            *["decided_by", "decided_at"],
        ]


class PeriodCloseSerializer(RecordSerializer):
    """
    A month that was closed, with the trial balance at its end and its SHA-256.

    The balance is rows of currency, account, debits and credits, as text.
    """

    month = WrittenMonth(read_only=True)
    trial_balance = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), read_only=True
    )

    class Meta:
        model = PeriodClose
        fields = [
            *["id", "month", "trial_balance", "sha256", "reason"],
            *["closed_by", "closed_at"],
        ]


class CloseInput(serializers.Serializer):
    month = WrittenMonth()
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ReopenInput(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class BalanceSerializer(serializers.Serializer):
    """What an account came to by the end of a month, and moved within it."""

    currency = serializers.CharField()
    account = serializers.CharField()
    debit = amount_read()
    credit = amount_read()
    moved_debit = amount_read()
    moved_credit = amount_read()


class MonthStateSerializer(serializers.Serializer):
    """
    Where a month stands, and what there is to see to before it is closed.

    ``broken`` says what keeps it from being closed; it is told of months to close.
    """

    month = serializers.CharField()
    state = serializers.CharField()
    balances = BalanceSerializer(many=True)
    waiting = serializers.ListField(child=serializers.CharField())
    broken = serializers.ListField(child=serializers.CharField())


class ExportBatchSerializer(RecordSerializer):
    """A file for the general ledger; its bytes are read by ``download``."""

    entries = serializers.IntegerField(read_only=True)

    class Meta:
        model = ExportBatch
        fields = ["id", "posted_until", "entries", "sha256", "made_by", "made_at"]


class ExportInput(serializers.Serializer):
    posted_until = serializers.DateField()


class RecognisedAmountSerializer(RecordSerializer):
    """What finance recognized of a member in a month, as it said."""

    month = WrittenMonth(read_only=True)

    class Meta:
        model = RecognisedAmount
        fields = [
            "id",
            "organization",
            "month",
            "amount",
            "currency",
            "source",
            "entry",
        ]


class RecognitionImportSerializer(RecordSerializer):
    class Meta:
        model = RecognitionImport
        fields = ["id", "name", "sha256", "imported_by", "imported_at"]


class RecognitionInput(serializers.Serializer):
    """A CSV file; with ``dry_run`` it is read, and nothing is posted."""

    file = serializers.FileField()
    dry_run = serializers.BooleanField(default=False)


class RowErrorSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    detail = serializers.CharField()


class RecognitionTrial(serializers.Serializer):
    """What a file would bring, and each row that is wrong."""

    rows = serializers.IntegerField()
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]
