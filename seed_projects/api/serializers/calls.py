"""Calls and what belongs to them."""

from typing import Any

from rest_framework import serializers

from inm_portal.accounts.models import User
from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    Call,
    CallDate,
    CallStage,
    CostCategory,
    DateKind,
    EligibilityException,
    EligibilityRule,
    Extension,
    FormVersion,
    Pillar,
    ProblemStatement,
    RubricVersion,
    RuleKind,
    StageKind,
    Theme,
    Track,
)

FIELDS = [
    *["title", "slug", "summary", "narrative", "eligibility", "terms"],
    *["contact_name", "contact_email", "zone", "pot", "expected_awards"],
    *["ceiling", "year_ceiling", "months", "cost_categories"],
    *["indirect_rule", "indirect_rate", "most_as_pi", "most_in_all"],
    *["blind_mode", "reviews_wanted", "is_previewed", "is_sealed"],
]


class CallSerializer(RecordSerializer):
    """A call; ``opens_at`` and ``closes_at`` are of its first and its last stage."""

    number = serializers.CharField(read_only=True)
    opens_at = serializers.DateTimeField(read_only=True, allow_null=True)
    closes_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Call
        fields = [
            *["id", "number", "state", *FIELDS, "rubric", "copied_from"],
            *["opened_at", "opens_at", "closes_at", "version"],
        ]


class CallInput(RecordSerializer):
    themes = serializers.PrimaryKeyRelatedField(queryset=Theme.objects.all(), many=True)
    pillars = serializers.PrimaryKeyRelatedField(
        queryset=Pillar.objects.all(), many=True, required=False
    )
    cost_categories = serializers.MultipleChoiceField(choices=CostCategory.choices)
    slug = serializers.SlugField(max_length=60)

    class Meta:
        model = Call
        fields = [*FIELDS, "grace_minutes", "themes", "pillars"]

    def validate_cost_categories(self, value: set[str]) -> list[str]:
        return [str(one.value) for one in CostCategory if one.value in value]


class CopyInput(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=60)
    shift_days = serializers.IntegerField(min_value=0, max_value=3660)


class CallReopenInput(serializers.Serializer):
    """``until_at`` is one instant, with its offset from UTC."""

    stage = serializers.PrimaryKeyRelatedField(queryset=CallStage.objects.none())
    until_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)

    def get_fields(self):
        fields: Any = super().get_fields()
        call = self.context.get("call")
        if call is not None:
            fields["stage"].queryset = call.stages.all()
        return fields


class ExtendInput(CallReopenInput):
    person = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )


class StageInput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=StageKind.choices)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    form = serializers.PrimaryKeyRelatedField(queryset=FormVersion.objects.all())
    is_by_invitation = serializers.BooleanField(required=False)


class DateInput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=DateKind.choices)
    at = serializers.DateTimeField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class TrackInput(RecordSerializer):
    class Meta:
        model = Track
        fields = ["name", "description", "ceiling"]


class RuleInput(serializers.Serializer):
    statement = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(choices=RuleKind.choices, required=False)


class ExceptInput(serializers.Serializer):
    rule = serializers.PrimaryKeyRelatedField(queryset=EligibilityRule.objects.none())
    person = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True)
    )
    until_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)

    def get_fields(self):
        fields: Any = super().get_fields()
        call = self.context.get("call")
        if call is not None:
            fields["rule"].queryset = call.rules.all()
        return fields


class RubricInput(serializers.Serializer):
    rubric = serializers.PrimaryKeyRelatedField(queryset=RubricVersion.objects.all())


class FormInput(serializers.Serializer):
    stage = serializers.PrimaryKeyRelatedField(queryset=CallStage.objects.none())
    form = serializers.PrimaryKeyRelatedField(queryset=FormVersion.objects.all())

    def get_fields(self):
        fields: Any = super().get_fields()
        call = self.context.get("call")
        if call is not None:
            fields["stage"].queryset = call.stages.all()
        return fields


class UseProblemInput(serializers.Serializer):
    statement = serializers.PrimaryKeyRelatedField(
        queryset=ProblemStatement.objects.all()
    )


class CallAskInput(serializers.Serializer):
    text = serializers.CharField(max_length=2000)


class CallAnswerInput(CallAskInput):
    answer = serializers.CharField(max_length=4000)


class StageSerializer(RecordSerializer):
    """A stage; ``deadline_at`` is that of the caller, as extended."""

    deadline_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = CallStage
        fields = [
            *["id", "call", "kind", "opens_at", "closes_at", "deadline_at", "form"],
            "is_by_invitation",
        ]


class DateSerializer(RecordSerializer):
    class Meta:
        model = CallDate
        fields = ["id", "call", "kind", "at", "note"]


class TrackSerializer(RecordSerializer):
    class Meta:
        model = Track
        fields = ["id", "call", "name", "description", "ceiling"]


class RuleSerializer(RecordSerializer):
    class Meta:
        model = EligibilityRule
        fields = ["id", "call", "position", "kind", "statement"]


class ExtensionSerializer(RecordSerializer):
    class Meta:
        model = Extension
        fields = ["id", "stage", "person", "until_at", "reason", "granted_at"]


class EligibilityExceptionSerializer(RecordSerializer):
    class Meta:
        model = EligibilityException
        fields = ["id", "rule", "person", "until_on", "reason", "granted_at"]
