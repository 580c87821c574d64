"""Money that arrived, whose it is, and to what it is applied."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.money import CENT

from ...models import Allocation, Organization, Receipt, ReceiptShare
from .amounts import amount_field, amount_read


class ReceiptSerializer(RecordSerializer):
    """
    A receipt as lists show it.

    ``standing`` is its amount while it stands in the books, else nothing; of that
    ``shared`` is members', ``unapplied`` what of their part is not used yet, and
    ``unidentified`` nobody's.
    """

    standing = amount_read()
    shared = amount_read()
    unapplied = amount_read()
    unidentified = amount_read()

    class Meta:
        model = Receipt
        fields = [
            *["id", "state", "received_on", "amount", "currency"],
            *["foreign_amount", "foreign_currency", "method", "payer_name"],
            *["organization", "bank_account", "bank_reference", "external_id"],
            *["note", "replaces", "takes_two", "reason", "proposed_by"],
            *["proposed_at", "decided_by", "decided_at"],
            *["standing", "shared", "unapplied", "unidentified"],
        ]


class ReceiptShareSerializer(RecordSerializer):
    """What of a receipt is a member's; ``unapplied`` is nothing once it is reversed."""

    allocated = amount_read()
    refunded = amount_read()
    unapplied = amount_read()

    class Meta:
        model = ReceiptShare
        fields = [
            *["id", "receipt", "organization", "amount"],
            *["allocated", "refunded", "unapplied"],
        ]


class ReceiptDetail(ReceiptSerializer):
    """A receipt with its shares."""

    shares = ReceiptShareSerializer(many=True, read_only=True)

    class Meta(ReceiptSerializer.Meta):
        fields = [*ReceiptSerializer.Meta.fields, "shares"]


class ReceiptInput(RecordSerializer):
    """
    Money that arrived; without ``organization`` nobody knows whose it is.

    What may be there already is answered ``may_be_recorded``; with a ``reason`` it
    waits for a second person. ``replaces`` is a reversed receipt, recorded anew.
    """

    amount = amount_field(min_value=CENT)
    foreign_amount = amount_field(min_value=CENT, allow_null=True, default=None)
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all(), allow_null=True, default=None
    )
    replaces = serializers.PrimaryKeyRelatedField(
        queryset=Receipt.objects.all(), allow_null=True, default=None
    )
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")

    class Meta:
        model = Receipt
        fields = [
            *["received_on", "amount", "currency", "foreign_amount"],
            *["foreign_currency", "method", "payer_name", "organization"],
            *["bank_account", "bank_reference", "external_id", "note"],
            *["replaces", "reason"],
        ]
        validators: list[object] = []  # the service says which line is recorded


class AllocationSerializer(RecordSerializer):
    """Cash that is applied to a line of an invoice, or was before it was reversed."""

    invoice = serializers.IntegerField(source="line_invoice", read_only=True)
    receipt = serializers.IntegerField(source="share_receipt", read_only=True)
    value_on = serializers.DateField(source="entry_value_on", read_only=True)
    is_reversed = serializers.BooleanField(read_only=True)

    class Meta:
        model = Allocation
        fields = [
            *["id", "receipt", "share", "invoice", "line", "amount"],
            *["value_on", "is_reversed"],
        ]
