"""Proposals, their people, answers, budgets and submissions."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    Answer,
    AsideText,
    AuthorRight,
    AuthorRole,
    BudgetLine,
    CostCategory,
    Declaration,
    EligibilityRule,
    Proposal,
    ProposalComment,
    ProposalPerson,
    ProposalSnapshot,
    Track,
)
from ...services import resubmittable
from ...states import ProposalState

#: The largest key, or version, of anything.
LARGEST = 2_000_000_000


class ProposalSerializer(RecordSerializer):
    """A proposal as its people know it; ``deadline_at`` is that of its PI."""

    number = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(
        choices=ProposalState.choices, source="told_state", read_only=True
    )
    deadline_at = serializers.DateTimeField(read_only=True)
    reason = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields = [
            *["id", "number", "state", "call", "stage", "form", "track", "former"],
            *["title", "abstract", "starts_on", "smallest_budget", "deadline_at"],
            *["begun_at", "submitted_at", "withdrawn_at", "reason", "version"],
        ]

    def get_reason(self, proposal: Proposal) -> str:
        """Why it was withdrawn or returned, once its people are told."""
        is_told = proposal.state == proposal.told_state  # type: ignore[attr-defined]
        return proposal.reason if is_told else ""


class FormerField(serializers.PrimaryKeyRelatedField):
    """One of those after which whoever calls may ask again."""

    def get_queryset(self) -> Any:
        return resubmittable(self.context["request"].user, at=timezone.now())


class BeginInput(serializers.Serializer):
    """
    Who calls is the PI; the stage is the one that is open.

    Of ``former``, abstract and answers are taken over.
    """

    title = serializers.CharField(max_length=200)
    track = serializers.PrimaryKeyRelatedField(
        queryset=Track.objects.all(), required=False, allow_null=True
    )
    former = FormerField(
        queryset=Proposal.objects.all(), required=False, allow_null=True
    )


class ProposalInput(RecordSerializer):
    class Meta:
        model = Proposal
        fields = ["title", "abstract", "track", "starts_on", "smallest_budget"]


class ProposalAnswerSerializer(RecordSerializer):
    class Meta:
        model = Answer
        fields = ["id", "proposal", "question", "value", "version", "written_at"]


class ProposalAnswerInput(serializers.Serializer):
    """``version`` is the one upon which it was written; 0 where there was no answer."""

    question = serializers.IntegerField(min_value=1, max_value=LARGEST)
    value = serializers.JSONField()
    version = serializers.IntegerField(min_value=0, max_value=LARGEST)


class AttachInput(serializers.Serializer):
    question = serializers.IntegerField(min_value=1, max_value=LARGEST)
    file = serializers.FileField()


class AsideTextSerializer(RecordSerializer):
    """A text that met another one; ``based_on`` is the version it was written upon."""

    class Meta:
        model = AsideText
        fields = ["id", "answer", "value", "based_on", "written_at", "settled_at"]


class SavedSerializer(serializers.Serializer):
    """What became of a text: the answer as it stands, and what was set aside."""

    words = serializers.CharField()
    answer = ProposalAnswerSerializer()
    aside = AsideTextSerializer(allow_null=True)


class SettleInput(serializers.Serializer):
    """``version`` is that of the answer with which both texts were compared."""

    value = serializers.JSONField()
    version = serializers.IntegerField(min_value=1, max_value=LARGEST)


class AuthorSerializer(RecordSerializer):
    class Meta:
        model = ProposalPerson
        fields = [
            *["id", "proposal", "person", "name", "email", "role", "right"],
            *["added_at", "confirmed_at"],
        ]


class AuthorChangeInput(serializers.Serializer):
    role = serializers.ChoiceField(choices=AuthorRole.choices)
    right = serializers.ChoiceField(choices=AuthorRight.choices)


class AuthorInput(AuthorChangeInput):
    name = serializers.CharField(max_length=200)
    email = serializers.EmailField()


class BudgetLineSerializer(RecordSerializer):
    class Meta:
        model = BudgetLine
        fields = [
            *["id", "proposal", "year", "category", "what", "payee", "quantity"],
            *["unit_amount", "justification"],
        ]


class BudgetLineInput(RecordSerializer):
    category = serializers.ChoiceField(choices=CostCategory.choices)

    class Meta:
        model = BudgetLine
        fields = [
            *["year", "category", "what", "payee", "quantity", "unit_amount"],
            "justification",
        ]


class BudgetInput(serializers.Serializer):
    """All lines of the budget; those that are not sent are gone."""

    lines = BudgetLineInput(many=True, max_length=200)  # type: ignore[call-arg]


class DeclarationSerializer(RecordSerializer):
    class Meta:
        model = Declaration
        fields = ["id", "proposal", "rule", "is_met", "declared_at"]


class DeclarationInput(serializers.Serializer):
    rule = serializers.PrimaryKeyRelatedField(queryset=EligibilityRule.objects.all())
    is_met = serializers.BooleanField()


class ProposalCommentSerializer(RecordSerializer):
    class Meta:
        model = ProposalComment
        fields = ["id", "proposal", "written_by", "text", "written_at"]


class ProposalCommentInput(serializers.Serializer):
    text = serializers.CharField(max_length=2000)


class ProposalLackSerializer(serializers.Serializer):
    """What a draft lacks: the field, ``budget``, a question or a rule; in words."""

    where = serializers.CharField()
    words = serializers.CharField()


class SubmissionSerializer(RecordSerializer):
    """What was handed in, as it was; ``sha256`` is that of its content."""

    class Meta:
        model = ProposalSnapshot
        fields = [
            *["id", "proposal", "number", "content", "sha256", "submitted_by"],
            "submitted_at",
        ]
