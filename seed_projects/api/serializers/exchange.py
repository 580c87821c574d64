"""Problems of members, and questions about calls."""

from typing import Any

from rest_framework import serializers

from consortium.models import Organization
from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import CallQuestion, ProblemStatement


class ProblemSerializer(RecordSerializer):
    class Meta:
        model = ProblemStatement
        fields = [
            *["id", "organization", "title", "text", "is_named"],
            *["stated_at", "withdrawn_at"],
        ]


class ProblemInput(RecordSerializer):
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.none()
    )

    class Meta:
        model = ProblemStatement
        fields = ["organization", "title", "text", "is_named"]

    def get_fields(self):
        """Offer only the companies for which the caller states problems."""
        fields: Any = super().get_fields()
        if request := self.context.get("request"):
            own = Organization.objects.permitted(request.user, "state_problem")
            fields["organization"].queryset = own
        return fields


class CallQuestionSerializer(RecordSerializer):
    """A question as it is published; who asked is told to nobody."""

    class Meta:
        model = CallQuestion
        fields = ["id", "call", "text", "answer", "asked_at", "answered_at"]
