"""Ladders of reminders, rung by rung, and what members chose of theirs."""

from typing import Any

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.reminders.comparing import Effect

from ...models import (
    Contact,
    Copied,
    FirstNotice,
    Invoice,
    PolicyRung,
    ReminderPolicy,
    ReminderPreference,
    Wording,
)
from ...services import LADDER, Told
from ...states import LadderStanding


class PolicyRungSerializer(RecordSerializer):
    """One rung: ``days`` count from the due date, and are negative before it."""

    class Meta:
        model = PolicyRung
        fields = ["key", "is_on", "days", "is_task", "copied", "wording"]


class ReminderPolicySerializer(RecordSerializer):
    """A ladder: of all where it names neither a member nor an invoice."""

    standing = serializers.ChoiceField(choices=LadderStanding.choices, read_only=True)
    rungs = PolicyRungSerializer(many=True, read_only=True)

    class Meta:
        model = ReminderPolicy
        fields = [
            *["id", "organization", "invoice", "first_on", "until_on", "based_on"],
            *["standing", "reason", "proposed_by", "proposed_at", "decided_by"],
            *["decided_at", "rungs"],
        ]


class RungInput(serializers.Serializer):
    """How one rung is to be."""

    key = serializers.ChoiceField(choices=[rung.key for rung in LADDER])
    is_on = serializers.BooleanField(default=True)
    days = serializers.IntegerField()
    is_task = serializers.BooleanField(default=False)
    copied = serializers.ListField(
        child=serializers.ChoiceField(choices=Copied.choices), default=list
    )
    wording = serializers.ChoiceField(
        choices=Wording.choices, allow_blank=True, default=""
    )

    def to_internal_value(self, data: Any) -> Told:
        given = super().to_internal_value(data)
        return Told(**{**given, "copied": tuple(given["copied"])})


class ReminderPolicyInput(serializers.Serializer):
    """
    Another version of the ladder of all, which a second person puts in force.

    ``based_on`` is the version that was read; each rung is named once.
    """

    rungs = RungInput(many=True, max_length=len(LADDER))  # type: ignore[call-arg]
    first_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)
    based_on = serializers.PrimaryKeyRelatedField(
        queryset=ReminderPolicy.objects.recorded().default(),
        allow_null=True,
        default=None,
    )


class GivenLadderInput(serializers.Serializer):
    """A ladder of one member or one invoice, from today up to and with a day."""

    rungs = RungInput(many=True, max_length=len(LADDER))  # type: ignore[call-arg]
    until_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class ReminderChangeSerializer(serializers.Serializer):
    """What becomes of one reminder of an invoice."""

    invoice: Any = serializers.PrimaryKeyRelatedField(
        queryset=Invoice.objects.all(), source="line.invoice"
    )
    rung = serializers.CharField(source="difference.rung")
    effect = serializers.ChoiceField(choices=Effect.choices, source="difference.effect")
    now = serializers.DateField(source="difference.before.on", default=None)
    then = serializers.DateField(source="difference.after.on", default=None)


class LadderEffectSerializer(serializers.Serializer):
    """What a ladder changes of the next 60 days: how many, and the first of them."""

    total = serializers.IntegerField()
    changes = ReminderChangeSerializer(many=True, source="shown")


class ReminderPreferenceSerializer(RecordSerializer):
    """How early a member is told, and who else reads it."""

    readers: Any = serializers.SerializerMethodField()

    class Meta:
        model = ReminderPreference
        fields = ["id", "version", "organization", "first_notice", "readers"]

    def get_readers(self, row: ReminderPreference) -> list[int]:
        return [copy.contact_id for copy in row.organization.reminder_copies.all()]


class ReminderPreferenceInput(serializers.Serializer):
    """What a member chooses; ``version`` is what was read, 0 where there is none."""

    first_notice = serializers.ChoiceField(choices=FirstNotice.choices)
    readers: Any = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.all(), many=True, default=list
    )
    version = serializers.IntegerField(default=0)
