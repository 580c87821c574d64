"""What waits of money, what may fit, and what is applied, given up and paid back."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from inm_portal.kernel.api.serializers import ReasonInput, RecordSerializer
from inm_portal.kernel.filters import LARGEST
from inm_portal.kernel.money import CENT

from ...models import (
    InvoiceLine,
    Organization,
    ReceiptShare,
    Refund,
    WaitingMoney,
    WriteOff,
    WriteOffKind,
)
from .amounts import amount_field, amount_read
from .receipts import AllocationSerializer


class WaitingMoneySerializer(RecordSerializer):
    """
    One thing that somebody is to see to; ``kind`` says what it waits for.

    ``member``: nobody's yet. ``invoice``: a share that is not applied. ``receipt``,
    ``write_off``, ``refund``: proposed, and for a second person to decide.
    """

    class Meta:
        model = WaitingMoney
        fields = [
            *["id", "kind", "receipt", "share", "write_off", "refund"],
            *["organization", "payer_name", "reference", "waits_since"],
            *["amount", "currency", "reason"],
        ]


class SuggestionSerializer(serializers.Serializer):
    """A line that the money may pay, how much of it, and why."""

    line = serializers.IntegerField(source="line.pk", read_only=True)
    invoice = serializers.IntegerField(source="line.invoice_id", read_only=True)
    number = serializers.CharField(source="line.invoice.number", read_only=True)
    organization = serializers.IntegerField(
        source="line.invoice.organization_id", read_only=True
    )
    open = amount_field(source="line.open_amount", read_only=True)
    amount = amount_read()
    why = serializers.CharField(read_only=True)


def named(model: Any, parts: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return parts with the rows that their keys name, read at once."""
    found = model.objects.in_bulk({part[name] for part in parts})
    for part in parts:
        if part[name] not in found:
            words = _("There is no %(name)s %(key)s.")
            raise ValidationError(words % {"name": name, "key": part[name]})
    return [part | {name: found[part[name]]} for part in parts]


class PartOfMember(serializers.Serializer):
    organization = serializers.IntegerField(min_value=1, max_value=LARGEST)
    amount = amount_field(min_value=CENT)


class ShareInput(serializers.Serializer):
    """Whose money it is: one member's, or several members'."""

    parts = PartOfMember(many=True, min_length=1, max_length=50)  # type: ignore[call-arg]

    def validate_parts(self, parts: Any) -> list[dict[str, Any]]:
        return named(Organization, parts, "organization")


class PartOfLine(serializers.Serializer):
    line = serializers.IntegerField(min_value=1, max_value=LARGEST)
    amount = amount_field(min_value=CENT)


class AllocationInput(serializers.Serializer):
    """To which lines money is applied, all or nothing."""

    parts = PartOfLine(many=True, min_length=1, max_length=50)  # type: ignore[call-arg]
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")

    def validate_parts(self, parts: Any) -> list[dict[str, Any]]:
        return named(InvoiceLine, parts, "line")


class GivenUpOfLine(PartOfLine):
    kind = serializers.ChoiceField(choices=WriteOffKind.choices)


class CashSettlementInput(serializers.Serializer):
    """
    To which lines money is applied, and what of them is given up: all or nothing.

    A certificate comes with tax that was withheld.
    """

    parts = PartOfLine(many=True, max_length=50, required=False, default=list)  # type: ignore[call-arg]
    given_up = GivenUpOfLine(many=True, min_length=1, max_length=50)  # type: ignore[call-arg]
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")
    certificate = serializers.FileField(required=False, allow_null=True, default=None)

    def validate_parts(self, parts: Any) -> list[dict[str, Any]]:
        return named(InvoiceLine, parts, "line")

    def validate_given_up(self, parts: Any) -> list[dict[str, Any]]:
        return named(InvoiceLine, parts, "line")


class OfferSerializer(serializers.Serializer):
    """So much of money on account, for what is open of an invoice."""

    share = serializers.IntegerField(source="share.pk", read_only=True)
    receipt = serializers.IntegerField(source="share.receipt_id", read_only=True)
    received_on = serializers.DateField(
        source="share.receipt.received_on", read_only=True
    )
    amount = amount_read()


class OfferedInput(serializers.Serializer):
    """What was offered, and is confirmed."""

    share = serializers.PrimaryKeyRelatedField(queryset=ReceiptShare.objects.all())
    amount = amount_field(min_value=CENT)


class ReallocationInput(AllocationInput):
    reason = serializers.CharField(max_length=500)


class BounceInput(ReasonInput):
    returned_on = serializers.DateField()


class RefundInput(ReasonInput):
    amount = amount_field(min_value=CENT)


class RefundPaidInput(serializers.Serializer):
    paid_on = serializers.DateField()
    reference = serializers.CharField(max_length=100, allow_blank=True, default="")


class WriteOffInput(serializers.Serializer):
    """What of a line is given up; a certificate comes with tax that was withheld."""

    line = serializers.PrimaryKeyRelatedField(queryset=InvoiceLine.objects.all())
    kind = serializers.ChoiceField(choices=WriteOffKind.choices)
    amount = amount_field(min_value=CENT)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")
    certificate = serializers.FileField(required=False, allow_null=True, default=None)


DECIDED = ["takes_two", "reason", "proposed_by", "proposed_at"]
DECIDED += ["decided_by", "decided_at"]


class WriteOffSerializer(RecordSerializer):
    """What is given up of a line, or proposed to be."""

    invoice = serializers.IntegerField(source="line_invoice", read_only=True)
    is_reversed = serializers.BooleanField(read_only=True)

    class Meta:
        model = WriteOff
        fields = [
            *["id", "state", "invoice", "line", "kind", "amount", "certificate"],
            *[*DECIDED, "is_reversed"],
        ]


class CashSettlementSerializer(serializers.Serializer):
    """What was applied and what was given up in one act."""

    allocations = AllocationSerializer(many=True)
    write_offs = WriteOffSerializer(many=True)


class RefundSerializer(RecordSerializer):
    """What is paid back of a share, or proposed to be."""

    receipt = serializers.IntegerField(source="share_receipt", read_only=True)
    is_reversed = serializers.BooleanField(read_only=True)

    class Meta:
        model = Refund
        fields = [
            *["id", "state", "receipt", "share", "amount", "paid_on", "reference"],
            *[*DECIDED, "is_reversed"],
        ]
