"""Contribution credits with their entries, and what is said of a claim."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.lists import SLICE
from inm_portal.kernel.money import CENT

from ...models import ContributionCredit, CreditEntry, CreditOpinion
from ...states import Outcome
from .amounts import amount_field, amount_read
from .in_kind import ItemSerializer


class CreditEntrySerializer(RecordSerializer):
    class Meta:
        model = CreditEntry
        fields = [
            *["id", "commitment_year", "kind", "amount", "recognized"],
            *["value_on", "recorded_at", "reason"],
        ]


class CreditOpinionSerializer(RecordSerializer):
    class Meta:
        model = CreditOpinion
        fields = ["id", "office", "text", "given_by", "given_at"]


class CreditSerializer(RecordSerializer):
    """A contribution credit as lists show it."""

    outcome = serializers.ChoiceField(choices=Outcome.choices, read_only=True)
    credited = amount_read()
    recognized = amount_read()

    class Meta:
        model = ContributionCredit
        fields = [
            *["id", "organization", "commitment_year", "category", "evidence"],
            *["amount", "currency", "contributed_on", "what_for", "claimed_by"],
            *["claimed_at", "outcome", "asked_for", "accepted", "reason"],
            *["decided_by", "decided_at", "had_file", "credited", "recognized"],
        ]


class CreditDetail(CreditSerializer):
    """
    A contribution credit with its entries and the thing in kind.

    For people at INM alone: ``opinions`` of finance and counsel, what MIT booked
    for the thing, and ``elsewhere``, the credits of other members by what may be the
    same document. ``alike`` are those of the member itself, while the claim is pending.
    """

    entries = CreditEntrySerializer(many=True, read_only=True)
    opinions = CreditOpinionSerializer(many=True, read_only=True)
    item = serializers.SerializerMethodField()
    elsewhere = serializers.SerializerMethodField()
    alike = serializers.SerializerMethodField()

    class Meta(CreditSerializer.Meta):
        fields = [
            *CreditSerializer.Meta.fields,
            *["entries", "opinions", "item", "elsewhere", "alike"],
        ]

    @extend_schema_field(ItemSerializer(allow_null=True))
    def get_item(self, credit: ContributionCredit) -> Any:
        item = getattr(credit, "item", None)
        if item is None:
            return None
        shown = ItemSerializer(item).data
        return shown if credit.may_see_booking else shown | {"booked_value": None}

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_elsewhere(self, credit: ContributionCredit) -> list[int]:
        if not credit.may_compare:
            return []
        return [
            other.pk for other in ContributionCredit.objects.elsewhere(credit.evidence)
        ]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_alike(self, credit: ContributionCredit) -> list[int]:
        if not credit.is_pending:
            return []
        found = ContributionCredit.objects.alike(credit.evidence).order_by("pk")
        return list(found.values_list("pk", flat=True)[:SLICE])


class AskInput(serializers.Serializer):
    asked_for = serializers.CharField(max_length=500)


class OpinionInput(serializers.Serializer):
    text = serializers.CharField(max_length=500)


class DecisionInput(serializers.Serializer):
    accepted = amount_field(min_value=0)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ReductionInput(serializers.Serializer):
    amount = amount_field(min_value=CENT)
    reason = serializers.CharField(max_length=500)
