"""Forms, rubrics, and the parts of their versions."""

from typing import Any

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    Criterion,
    FormDefinition,
    FormVersion,
    Question,
    Rubric,
    RubricVersion,
    Section,
)

QUESTION = [
    *["kind", "label", "help_text", "is_required", "is_public", "word_limit"],
    *["page_limit", "is_many", "options", "asked_if", "asked_if_is"],
]
CRITERION = ["title", "guidance", "weight", "lowest", "highest", "needs_comment"]


class TitleInput(serializers.Serializer):
    title = serializers.CharField(max_length=120)


class MoveInput(serializers.Serializer):
    """Whether it changes places with the one above it, or else with that below."""

    up = serializers.BooleanField()


class FormSerializer(RecordSerializer):
    class Meta:
        model = FormDefinition
        fields = ["id", "title"]


class FormVersionSerializer(RecordSerializer):
    """A version; nothing of it changes once it has ``published_at``."""

    class Meta:
        model = FormVersion
        fields = ["id", "form", "number", "begun_at", "published_at"]


class SectionSerializer(RecordSerializer):
    class Meta:
        model = Section
        fields = ["id", "version", "key", "position", "title", "help_text"]


class SectionInput(RecordSerializer):
    class Meta:
        model = Section
        fields = ["title", "help_text"]


class QuestionSerializer(RecordSerializer):
    """A question; ``key`` is the same in each version that keeps it."""

    class Meta:
        model = Question
        fields = ["id", "version", "section", "key", "position", *QUESTION]


class QuestionInput(RecordSerializer):
    class Meta:
        model = Question
        fields = ["section", *QUESTION]

    def get_fields(self):
        fields: Any = super().get_fields()
        version = self.context.get("version")
        if version is not None:
            fields["section"].queryset = version.sections.all()
            fields["asked_if"].queryset = version.questions.all()
        return fields


class RubricSerializer(RecordSerializer):
    class Meta:
        model = Rubric
        fields = ["id", "title"]


class RubricVersionSerializer(RecordSerializer):
    class Meta:
        model = RubricVersion
        fields = ["id", "rubric", "number", "begun_at", "published_at"]


class CriterionSerializer(RecordSerializer):
    class Meta:
        model = Criterion
        fields = ["id", "version", "key", "position", *CRITERION]


class CriterionInput(RecordSerializer):
    class Meta:
        model = Criterion
        fields = CRITERION
