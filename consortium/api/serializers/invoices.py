"""Instalments, and invoices with their lines and what became of them."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    CreditNote,
    CustomerAnswer,
    DisputeResolution,
    Instalment,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    InvoiceLine,
    PaymentPromise,
)
from ...states import Standing
from .amounts import amount_read


class InstalmentSerializer(RecordSerializer):
    """A part of the fee of a year; one below zero takes back what was invoiced."""

    organization = serializers.IntegerField(source="organization_id", read_only=True)
    is_in_force = serializers.BooleanField(read_only=True)

    class Meta:
        model = Instalment
        fields = [
            *["id", "organization", "commitment_year", "amendment", "number"],
            *["due_on", "amount", "recorded_on", "is_in_force"],
        ]


class InvoiceSerializer(RecordSerializer):
    """
    An invoice as lists show it.

    ``standing`` is derived of an issued one, by what settles its lines.
    """

    number = serializers.CharField(read_only=True, allow_null=True)
    standing = serializers.ChoiceField(choices=Standing.choices, read_only=True)
    asked = amount_read()
    allocated = amount_read()
    written_off = amount_read()
    credited = amount_read()
    open_amount = amount_read()

    class Meta:
        model = Invoice
        fields = [
            *["id", "version", "organization", "number", "state", "standing"],
            *["replaces", "currency", "issued_on", "due_on", "bill_to_entity"],
            *["bill_to_address", "attention", "order", "order_number", "terms_days"],
            *["channel", "supplier_portal", "note", "voided_because"],
            *["asked", "allocated", "written_off", "credited", "open_amount"],
        ]


class InvoiceLineSerializer(RecordSerializer):
    open_amount = amount_read()

    class Meta:
        model = InvoiceLine
        fields = [
            *["id", "instalment", "commitment_year", "description", "amount"],
            "open_amount",
        ]


class DeliverySerializer(RecordSerializer):
    class Meta:
        model = InvoiceDelivery
        fields = ["id", "channel", "delivered_on", "reference"]


class AnswerSerializer(RecordSerializer):
    class Meta:
        model = CustomerAnswer
        fields = ["id", "kind", "answered_on", "reason"]


class PromiseSerializer(RecordSerializer):
    class Meta:
        model = PaymentPromise
        fields = ["id", "pay_on", "amount", "contact", "recorded_at"]


class ResolutionSerializer(RecordSerializer):
    class Meta:
        model = DisputeResolution
        fields = ["kind", "credit_note", "reason", "resolved_at"]


class InvoiceDisputeSerializer(RecordSerializer):
    resolution = ResolutionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = InvoiceDispute
        fields = ["id", "amount", "reason", "settle_by", "recorded_at", "resolution"]


class CreditNoteOfInvoiceSerializer(RecordSerializer):
    number = serializers.CharField(read_only=True, allow_null=True)
    total = amount_read()

    class Meta:
        model = CreditNote
        fields = ["id", "number", "state", "total", "reason", "issued_on"]


class InvoiceDetail(InvoiceSerializer):
    """An invoice with its lines and all that was said of it, the oldest first."""

    pdf_sha256 = serializers.SerializerMethodField()
    lines = InvoiceLineSerializer(many=True, read_only=True)
    deliveries = DeliverySerializer(many=True, read_only=True)
    answers = AnswerSerializer(many=True, read_only=True)
    promises = PromiseSerializer(many=True, read_only=True)
    disputes = InvoiceDisputeSerializer(many=True, read_only=True)
    credit_notes = CreditNoteOfInvoiceSerializer(many=True, read_only=True)

    class Meta(InvoiceSerializer.Meta):
        fields = [
            *[*InvoiceSerializer.Meta.fields, "check_code", "pdf_sha256", "lines"],
            *["deliveries", "answers", "promises", "disputes", "credit_notes"],
        ]

    def get_pdf_sha256(self, invoice: Invoice) -> str | None:
        """Return the digest of the PDF; null before it is issued."""
        paper = getattr(invoice, "pdf", None)
        return paper and paper.sha256
