"""Things in kind, from their offer to a dispute of their value."""

from typing import Any

from rest_framework import serializers

from inm_portal.kernel.api.documents import FileInput
from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    IN_KIND,
    Appraisal,
    ApprovingOffice,
    Category,
    DisputeOutcome,
    InKindItem,
    ItemApproval,
    Method,
    Valuation,
    ValuationDispute,
)
from ...services import Paper
from ...states import ItemStage
from .amounts import amount_field
from .claims import PartInput
from .evidence import PaperInput


class ValuationSerializer(RecordSerializer):
    class Meta:
        model = Valuation
        fields = [
            *["id", "method", "basis", "discount_percent", "months", "value"],
            *["note", "valued_by", "valued_at"],
        ]


class ListedValuation(ValuationSerializer):
    """A valuation that says of which credit it is."""

    credit = serializers.IntegerField(source="of_credit", read_only=True)

    class Meta(ValuationSerializer.Meta):
        fields = [*ValuationSerializer.Meta.fields, "credit"]


class DisputeOutcomeSerializer(RecordSerializer):
    class Meta:
        model = DisputeOutcome
        fields = [
            *["id", "value", "reason", "appraiser", "appraisal_cost"],
            *["settled_by", "settled_at"],
        ]


class DisputeSerializer(RecordSerializer):
    """A figure that somebody holds against the accepted one, and what came of it."""

    outcome = DisputeOutcomeSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ValuationDispute
        fields = [
            *["id", "figure", "method", "reason", "raised_by", "raised_at"],
            "outcome",
        ]


class ListedDispute(DisputeSerializer):
    """A dispute that says of which credit it is."""

    credit = serializers.IntegerField(source="of_credit", read_only=True)

    class Meta(DisputeSerializer.Meta):
        fields = [*DisputeSerializer.Meta.fields, "credit"]


class ItemApprovalSerializer(RecordSerializer):
    class Meta:
        model = ItemApproval
        fields = [
            *["id", "office", "assessment", "approved_by", "approved_on"],
            *["note", "recorded_at"],
        ]


class AppraisalSerializer(RecordSerializer):
    class Meta:
        model = Appraisal
        fields = ["id", "appraiser", "appraised_on", "value", "cost", "document"]


class ListedAppraisal(AppraisalSerializer):
    """An appraisal that says of which credit it is."""

    credit = serializers.IntegerField(source="of_credit", read_only=True)

    class Meta(AppraisalSerializer.Meta):
        fields = [*AppraisalSerializer.Meta.fields, "credit"]


class ItemSerializer(RecordSerializer):
    """
    A thing in kind, with the newest appraisals, valuations and disputes of it.

    All of them are at ``appraisals``, ``valuations`` and ``valuation-disputes``,
    asked with its ``credit``.
    """

    stage = serializers.ChoiceField(choices=ItemStage.choices, read_only=True)
    approvals = ItemApprovalSerializer(many=True, read_only=True)
    appraisals = AppraisalSerializer(
        source="newest_appraisals", many=True, read_only=True
    )
    valuations = ValuationSerializer(
        source="newest_valuations", many=True, read_only=True
    )
    disputes = DisputeSerializer(source="newest_disputes", many=True, read_only=True)

    class Meta:
        model = InKindItem
        fields = [
            *["name", "serial", "site", "condition", "restrictions", "running_cost"],
            *["export_classification", "needs_ehs_approval", "needs_space_approval"],
            *["assessment", "donor_tax_value", "booked_value", "state", "stage"],
            *[
                "delivered_on",
                "returned_on",
                "approvals",
                "appraisals",
                "valuations",
                "disputes",
            ],
        ]


class OfferedPartInput(PartInput):
    category = serializers.ChoiceField(
        choices=[(one, Category(one).label) for one in IN_KIND]
    )


class OfferInput(RecordSerializer):
    running_cost = amount_field(min_value=0, default=0)
    donor_tax_value = amount_field(min_value=0, allow_null=True, default=None)
    paper = PaperInput()
    part = OfferedPartInput()
    contributed_on = serializers.DateField()
    knows_earlier = serializers.BooleanField(default=False)

    class Meta:
        model = InKindItem
        fields = [
            *["name", "serial", "site", "condition", "restrictions", "running_cost"],
            *["export_classification", "donor_tax_value", "paper", "part"],
            *["contributed_on", "knows_earlier"],
        ]

    def validate_paper(self, paper: dict[str, Any]) -> Paper:
        return Paper(**paper)


class AssessmentInput(RecordSerializer):
    class Meta:
        model = InKindItem
        fields = [
            *["needs_ehs_approval", "needs_space_approval", "site", "condition"],
            *["restrictions", "running_cost", "export_classification"],
        ]


class ApprovalInput(serializers.Serializer):
    office = serializers.ChoiceField(choices=ApprovingOffice.choices)
    approved_by = serializers.CharField(max_length=200)
    approved_on = serializers.DateField()
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class AppraisalInput(FileInput):
    appraiser = serializers.CharField(max_length=200)
    appraised_on = serializers.DateField()
    value = amount_field(min_value=0)
    cost = amount_field(min_value=0, default=0)


class DeliveryInput(serializers.Serializer):
    on = serializers.DateField()


class ValuationInput(RecordSerializer):
    basis = amount_field(min_value=0)

    class Meta:
        model = Valuation
        fields = ["method", "basis", "discount_percent", "months", "note"]


class BookingInput(serializers.Serializer):
    booked_value = amount_field(min_value=0)


class DisputeInput(serializers.Serializer):
    figure = amount_field(min_value=0)
    method = serializers.ChoiceField(choices=Method.choices)
    reason = serializers.CharField(max_length=500)


class SettlementInput(serializers.Serializer):
    value = amount_field(min_value=0)
    reason = serializers.CharField(max_length=500)
    appraiser = serializers.CharField(max_length=200, allow_blank=True, default="")
    appraisal_cost = amount_field(min_value=0, default=0)
