"""Instalments, and invoices with their lines and what became of them."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.money import CENT

from ...models import (
    Contact,
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
from ...services import who_settles
from ...states import DisputeStanding, PromiseStanding, Standing
from .amounts import amount_field, amount_read


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
            *["id", "version", "organization", "number", "external_number"],
            *["state", "standing"],
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
        fields = ["id", "invoice", "channel", "delivered_on", "reference"]


class AnswerSerializer(RecordSerializer):
    class Meta:
        model = CustomerAnswer
        fields = ["id", "invoice", "kind", "answered_on", "reason"]


class PromiseSerializer(RecordSerializer):
    """A promise to pay; ``paid`` is what was applied to the invoice since."""

    paid = amount_read()
    standing = serializers.ChoiceField(choices=PromiseStanding.choices, read_only=True)

    class Meta:
        model = PaymentPromise
        fields = [
            *["id", "invoice", "pay_on", "amount", "contact", "recorded_at"],
            *["paid", "standing"],
        ]


class ResolutionSerializer(RecordSerializer):
    class Meta:
        model = DisputeResolution
        fields = ["kind", "credit_note", "reason", "resolved_at"]


class InvoiceDisputeSerializer(RecordSerializer):
    standing = serializers.ChoiceField(choices=DisputeStanding.choices, read_only=True)
    resolution = ResolutionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = InvoiceDispute
        fields = [
            *["id", "invoice", "amount", "reason", "settle_by", "recorded_at"],
            *["standing", "resolution"],
        ]


class InvoiceDeliveryInput(RecordSerializer):
    class Meta:
        model = InvoiceDelivery
        fields = ["channel", "delivered_on", "reference"]


class NumberInput(serializers.Serializer):
    external_number = serializers.CharField(max_length=100, allow_blank=True)


class AnswerInput(RecordSerializer):
    """What payables say; a rejection says why."""

    class Meta:
        model = CustomerAnswer
        fields = ["kind", "answered_on", "reason"]


class PromiseInput(RecordSerializer):
    amount = amount_field(min_value=CENT)

    class Meta:
        model = PaymentPromise
        fields = ["pay_on", "amount"]


class PromiseToFinanceInput(PromiseInput):
    """The same, with the contact who promised."""

    contact = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.current(), allow_null=True, default=None
    )

    class Meta(PromiseInput.Meta):
        fields = [*PromiseInput.Meta.fields, "contact"]


class InvoiceDisputeInput(RecordSerializer):
    """Without an amount, all of it that is not disputed yet."""

    amount = amount_field(min_value=CENT, allow_null=True, default=None)

    class Meta:
        model = InvoiceDispute
        fields = ["amount", "reason"]


class DisputeByFinanceInput(InvoiceDisputeInput):
    """The same, with who sees to it and by when: else whoever takes it, in 14 days."""

    owner = serializers.PrimaryKeyRelatedField(
        queryset=who_settles(), allow_null=True, default=None
    )
    settle_by = serializers.DateField(allow_null=True, default=None)

    class Meta(InvoiceDisputeInput.Meta):
        fields = [*InvoiceDisputeInput.Meta.fields, "owner", "settle_by"]


class InvoiceSettlementInput(serializers.Serializer):
    """All of it is owed, unless a credit note takes it back."""

    reason = serializers.CharField(max_length=500)
    credit_note = serializers.PrimaryKeyRelatedField(
        queryset=CreditNote.objects.all(), allow_null=True, default=None
    )


class CreditNoteOfInvoiceSerializer(RecordSerializer):
    number = serializers.CharField(read_only=True, allow_null=True)
    total = amount_read()

    class Meta:
        model = CreditNote
        fields = ["id", "number", "state", "total", "reason", "issued_on"]


class InvoiceDetail(InvoiceSerializer):
    """
    An invoice with its lines and what was said of it, the last 50 of each kind.

    The rest is in the resources of their own.
    """

    pdf_sha256 = serializers.SerializerMethodField()
    lines = InvoiceLineSerializer(many=True, read_only=True)
    deliveries = DeliverySerializer(source="last_deliveries", many=True, read_only=True)
    answers = AnswerSerializer(source="last_answers", many=True, read_only=True)
    promises = PromiseSerializer(source="last_promises", many=True, read_only=True)
    disputes = InvoiceDisputeSerializer(
        source="last_disputes", many=True, read_only=True
    )
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
