"""What the office reads of what was handed in, and what is done with it."""

from typing import Any

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    Appeal,
    CheckKind,
    Ground,
    MoveBatch,
    MoveKind,
    ScreenedProposal,
    ScreeningCheck,
    ScreeningMove,
    Theme,
)
from .proposals import LARGEST


class ScreenedSerializer(RecordSerializer):
    """A proposal as it was handed in last; a draft is out for more information."""

    title = serializers.CharField(source="shown_title", read_only=True)
    pi_name = serializers.CharField(read_only=True)
    department = serializers.CharField(read_only=True, allow_null=True)
    theme = serializers.CharField(read_only=True, allow_null=True)
    submission = serializers.IntegerField(source="last_number", read_only=True)
    checks_passed = serializers.IntegerField(source="passed", read_only=True)
    checks_failed = serializers.IntegerField(source="failed", read_only=True)

    class Meta:
        model = ScreenedProposal
        fields = [
            *["id", "call", "track", "title", "pi_name", "department", "theme"],
            *["state", "submission", "checks_passed", "checks_failed"],
            *["submitted_at", "returned_at", "reason"],
        ]


class ScreeningCheckSerializer(RecordSerializer):
    class Meta:
        model = ScreeningCheck
        fields = [
            *["id", "snapshot", "kind", "passes", "note", "theme"],
            *["checked_by", "checked_at"],
        ]


class LeaveOutInput(serializers.Serializer):
    """``part`` is one of the people of the proposal."""

    part = serializers.IntegerField(min_value=1, max_value=LARGEST)


class ScreeningMoveSerializer(RecordSerializer):
    """What was done with a proposal; it is told, and final, from ``told_at`` on."""

    class Meta:
        model = ScreeningMove
        fields = [
            *["id", "snapshot", "kind", "ground", "words", "until_at", "batch"],
            *["moved_at", "told_at"],
        ]


class MoveBatchSerializer(RecordSerializer):
    class Meta:
        model = MoveBatch
        fields = ["id", "kind", "refused", "made_by", "made_at", "told_at"]


class AppealSerializer(RecordSerializer):
    is_upheld = serializers.BooleanField(
        source="decision.is_upheld", read_only=True, allow_null=True
    )
    words = serializers.CharField(
        source="decision.words", read_only=True, allow_null=True
    )

    class Meta:
        model = Appeal
        fields = ["id", "move", "text", "made_at", "is_upheld", "words"]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        decision = getattr(instance, "decision", None)
        return {
            "id": instance.pk,
            "move": instance.move_id,
            "text": instance.text,
            "made_at": serializers.DateTimeField().to_representation(instance.made_at),
            "is_upheld": decision.is_upheld if decision else None,
            "words": decision.words if decision else None,
        }


class CheckInput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=CheckKind.choices)
    passes = serializers.BooleanField()
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    theme = serializers.PrimaryKeyRelatedField(
        queryset=Theme.objects.all(), required=False, allow_null=True
    )


class ReturnInput(serializers.Serializer):
    ground = serializers.ChoiceField(choices=Ground.choices)
    reason = serializers.CharField(max_length=1000)


class SendBackInput(serializers.Serializer):
    asked = serializers.CharField(max_length=4000)
    until_at = serializers.DateTimeField()


class MoveTogetherInput(serializers.Serializer):
    kind = serializers.ChoiceField(
        choices=[one for one in MoveKind.choices if one[0] != MoveKind.SENT_BACK]
    )
    ground = serializers.ChoiceField(
        choices=Ground.choices, required=False, allow_blank=True
    )
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    proposals = serializers.ListField(
        child=serializers.IntegerField(min_value=1), min_length=1, max_length=1000
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == MoveKind.RETURNED:
            for name in ["ground", "reason"]:
                if not attrs.get(name):
                    raise serializers.ValidationError({name: "Say why."})
        return attrs


class OutlookSerializer(serializers.Serializer):
    """Whether a proposal would be moved, and if not, why."""

    proposal = serializers.IntegerField(source="proposal.pk")
    is_moved = serializers.BooleanField()
    words = serializers.CharField()


class AppealInput(serializers.Serializer):
    text = serializers.CharField(max_length=4000)


class DecideAppealInput(serializers.Serializer):
    is_upheld = serializers.BooleanField()
    words = serializers.CharField(max_length=1000)


class SlotSerializer(serializers.Serializer):
    """A figure, and what narrows the list of proposals to those that it counts."""

    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    asked = serializers.DictField(child=serializers.CharField())


class FiguresSerializer(serializers.Serializer):
    """How a call is answered; of drafts a number, of a sealed call what was begun."""

    begun = serializers.IntegerField()
    drafts = serializers.IntegerField(allow_null=True)
    is_sealed = serializers.BooleanField()
    handed_in = serializers.IntegerField()
    states = SlotSerializer(many=True)
    hours = SlotSerializer(many=True)
    themes = SlotSerializer(many=True)
    tracks = SlotSerializer(many=True)
    departments = SlotSerializer(many=True)
    unconfirmed = SlotSerializer(allow_null=True)
