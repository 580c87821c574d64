"""Who pays at a member: its profile, purchase orders and announced payments."""

from typing import Any

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.money import CENT

from ...models import (
    Invoice,
    PayerProfile,
    PurchaseOrder,
    ReceiptMethod,
    RemittanceAdvice,
)
from ...services import checklist
from ...states import AdviceStanding, OrderStanding
from .amounts import amount_field, amount_read

#: What a member itself says of where its invoices go.
OF_MEMBER = [
    *["bill_to_entity", "bill_to_address", "attention", "budget_year_starts_in"],
    *["channel", "supplier_portal", "needs_order"],
]
#: What finance alone writes down.
OF_FINANCE = [
    *["terms_days", "vendor_form_on", "tax_form_on", "entity_confirmed_on"],
    "portal_set_up_on",
]


class SeenField(serializers.PrimaryKeyRelatedField):
    """The key of a row that the caller may see; no other is there."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.permitted(self.context["request"].user, "view")


class PayerProfileSerializer(RecordSerializer):
    """To whom invoices go, on which terms; ``missing`` is what payables wait for."""

    missing = serializers.SerializerMethodField()

    class Meta:
        model = PayerProfile
        fields = [
            *["id", "version", "organization", *OF_MEMBER, *OF_FINANCE, "missing"],
        ]

    def get_missing(self, profile: PayerProfile) -> list[dict[str, str]]:
        lacks = [check.lack for check in checklist(profile) if check.lack]
        return [
            {"code": one.code, "words": one.words, "who": one.who.value}
            for one in lacks
        ]


class PayerInput(RecordSerializer):
    """What a member itself says."""

    class Meta:
        model = PayerProfile
        fields = OF_MEMBER


class PayerByFinanceInput(RecordSerializer):
    """All of it; a member may send no more than what is its own to say."""

    class Meta:
        model = PayerProfile
        fields = [*OF_MEMBER, *OF_FINANCE]


class PurchaseOrderSerializer(RecordSerializer):
    """An order with what was invoiced against it, as of today."""

    standing = serializers.ChoiceField(choices=OrderStanding.choices, read_only=True)
    used = amount_read()
    left = amount_read()

    class Meta:
        model = PurchaseOrder
        fields = [
            *["id", "version", "organization", "number", "amount", "currency"],
            *["ends_on", "replaces", "document", "standing", "used", "left"],
            "recorded_at",
        ]


class PurchaseOrderInput(RecordSerializer):
    amount = amount_field(min_value=CENT)
    replaces = SeenField(
        queryset=PurchaseOrder.objects.all(), allow_null=True, default=None
    )
    file = serializers.FileField(required=False)

    class Meta:
        model = PurchaseOrder
        fields = ["number", "amount", "ends_on", "replaces", "file"]
        validators: list[object] = []  # the service says which numbers are taken


class PurchaseOrderChange(RecordSerializer):
    amount = amount_field(min_value=CENT)

    class Meta:
        model = PurchaseOrder
        fields = ["amount", "ends_on"]


class OrderEndInput(serializers.Serializer):
    last_on = serializers.DateField()


class RemittanceAdviceSerializer(RecordSerializer):
    """What a member says that it paid; it arrived once its money is recorded."""

    standing = serializers.ChoiceField(choices=AdviceStanding.choices, read_only=True)

    class Meta:
        model = RemittanceAdvice
        fields = [
            *["id", "organization", "paid_on", "amount", "currency", "method"],
            *["reference", "standing", "recorded_at"],
        ]


class RemittanceAdviceDetail(RemittanceAdviceSerializer):
    """The same with the invoices that it is for."""

    invoices = serializers.SerializerMethodField()

    class Meta(RemittanceAdviceSerializer.Meta):
        fields = [*RemittanceAdviceSerializer.Meta.fields, "invoices"]

    def get_invoices(self, advice: RemittanceAdvice) -> list[int]:
        """Return the keys of the invoices; no more than were named at once."""
        return [one.invoice_id for one in advice.covered.all()]


class RemittanceAdviceInput(RecordSerializer):
    amount = amount_field(min_value=CENT)
    method = serializers.ChoiceField(choices=ReceiptMethod.choices)
    invoices = SeenField(
        queryset=Invoice.objects.all(),
        many=True,
        required=False,
        default=list,
    )
    file = serializers.FileField(required=False)

    class Meta:
        model = RemittanceAdvice
        fields = ["paid_on", "amount", "method", "reference", "invoices", "file"]
