"""What is to be issued, how it is drafted, and credit notes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.filters import LARGEST
from inm_portal.kernel.money import CENT

from ...models import (
    CreditNote,
    CreditNoteLine,
    Instalment,
    Invoice,
    InvoiceLine,
    PurchaseOrder,
)
from ...services import Taken
from .amounts import amount_field, amount_read
from .invoices import InstalmentSerializer


def key_field() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST)


class LackSerializer(serializers.Serializer):
    """Something that is missing; what ``blocks`` holds the invoice back."""

    code = serializers.CharField()
    words = serializers.CharField()
    blocks = serializers.BooleanField()


class ToDoSerializer(InstalmentSerializer):
    """
    An instalment that is to be invoiced, or, below zero, to be taken back.

    ``issue_by`` is the day on which its invoice is to go out, ``lacks`` what its
    member's payables ask for and is not there.
    """

    issue_by = serializers.DateField(read_only=True)
    lacks = LackSerializer(many=True, read_only=True)

    class Meta(InstalmentSerializer.Meta):
        fields = [*InstalmentSerializer.Meta.fields, "issue_by", "lacks"]


class DraftInput(RecordSerializer):
    """
    Instalments of one member and currency.

    Without ``order`` one is found where the member needs it; without ``due_on`` it
    follows from the instalments and the terms.
    """

    instalments = serializers.ListField(child=key_field(), min_length=1, max_length=50)

    class Meta:
        model = Invoice
        fields = ["instalments", "order", "due_on", "note"]

    def validate_instalments(self, keys: list[int]) -> list[Instalment]:
        """Return the instalments of some keys, in their order."""
        member = "commitment_year__agreement__organization"
        found = Instalment.objects.select_related(member).in_bulk(keys)
        return [_known(found, key) for key in dict.fromkeys(keys)]


class InvoiceChange(RecordSerializer):
    """What of a draft people write; what is left out is found, or follows, anew."""

    class Meta:
        model = Invoice
        fields = ["order", "due_on", "note"]


class ReplaceInput(serializers.Serializer):
    """Why an invoice is issued anew; without ``due_on``, due as the old one was."""

    reason = serializers.CharField(max_length=500)
    order = serializers.PrimaryKeyRelatedField(
        queryset=PurchaseOrder.objects.all(), allow_null=True, default=None
    )
    due_on = serializers.DateField(allow_null=True, default=None)


class CreditNoteSerializer(RecordSerializer):
    """A credit note as lists show it; it counts once it is issued."""

    number = serializers.CharField(read_only=True, allow_null=True)
    organization = serializers.IntegerField(
        source="invoice_organization", read_only=True
    )
    total = amount_read()

    class Meta:
        model = CreditNote
        fields = [
            *["id", "organization", "invoice", "number", "state", "total"],
            *["currency", "reason", "issued_on", "replacement"],
        ]


class CreditNoteLineSerializer(RecordSerializer):
    class Meta:
        model = CreditNoteLine
        fields = ["line", "instalment", "amount"]


class CreditNoteDetail(CreditNoteSerializer):
    """A credit note with what it takes back of each line."""

    pdf_sha256 = serializers.SerializerMethodField()
    lines = CreditNoteLineSerializer(many=True, read_only=True)

    class Meta(CreditNoteSerializer.Meta):
        fields = [
            *CreditNoteSerializer.Meta.fields,
            *["check_code", "pdf_sha256", "lines"],
        ]

    def get_pdf_sha256(self, note: CreditNote) -> str | None:
        """Return the digest of the PDF; null before it is issued."""
        paper = getattr(note, "pdf", None)
        return paper and paper.sha256


class TakenInput(serializers.Serializer):
    line = key_field()
    amount = amount_field(min_value=CENT)


class CreditNoteInput(serializers.Serializer):
    """What is taken back of an issued invoice; without ``lines``, all that is open."""

    invoice = serializers.PrimaryKeyRelatedField(queryset=Invoice.objects.all())
    reason = serializers.CharField(max_length=500)
    lines = TakenInput(many=True, max_length=100, required=False)  # type: ignore[call-arg]

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        parts = data.pop("lines", None)
        if parts is None:
            return data | {"taken": None}
        lines = InvoiceLine.objects.filter(invoice=data["invoice"])
        found = lines.in_bulk([part["line"] for part in parts])
        taken = [Taken(_known(found, part["line"]), part["amount"]) for part in parts]
        return data | {"taken": taken}


def _known(found: Mapping[int, Any], key: int) -> Any:
    """
    :raises ValidationError: for a key that none of what was found has.
    """
    if key not in found:
        words = _('Invalid pk "%(key)s" - object does not exist.') % {"key": key}
        raise serializers.ValidationError(words, code="does_not_exist")
    return found[key]
