"""What was spoken with members, who took part, and what follows of it."""

from rest_framework import serializers

from inm_portal.accounts.models import User
from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    Contact,
    FacultyMember,
    FollowUp,
    Interaction,
    InteractionKind,
    Organization,
)


class FacultySerializer(RecordSerializer):
    """Somebody of the faculty, with what they did in the days asked for."""

    interactions = serializers.IntegerField(read_only=True)
    one_to_ones = serializers.IntegerField(read_only=True)
    members = serializers.IntegerField(read_only=True)
    last_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = FacultyMember
        fields = [
            *["id", "name", "email", "department"],
            *["one_to_one_cap", "interactions", "one_to_ones", "members", "last_on"],
        ]


class FacultyInput(RecordSerializer):
    email = serializers.EmailField()

    class Meta:
        model = FacultyMember
        fields = ["name", "email", "department"]


class InteractionSerializer(RecordSerializer):
    """What was spoken with a member; ``people`` are the names of who took part."""

    people = serializers.CharField(read_only=True)

    class Meta:
        model = Interaction
        fields = [
            *["id", "organization", "kind", "held_on", "summary", "people"],
            *["is_shared", "corrects", "correction_reason", "is_taken_back"],
            "recorded_at",
        ]


class InteractionTold(serializers.Serializer):
    """What was spoken, and by whom."""

    kind = serializers.ChoiceField(choices=InteractionKind.choices)
    held_on = serializers.DateField()
    summary = serializers.CharField(max_length=4000)
    is_shared = serializers.BooleanField(required=False)
    contacts = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.all(), many=True
    )
    faculty = serializers.PrimaryKeyRelatedField(
        queryset=FacultyMember.objects.all(), many=True, required=False
    )
    people = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.all(), many=True, required=False
    )


class InteractionInput(InteractionTold):
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all()
    )


class InteractionCorrection(InteractionTold):
    reason = serializers.CharField(max_length=500)


class FollowUpSerializer(RecordSerializer):
    class Meta:
        model = FollowUp
        fields = ["id", "interaction", "what", "recorded_at"]


class ReopenFollowUpInput(serializers.Serializer):
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())
    due_on = serializers.DateField()


class FollowUpInput(ReopenFollowUpInput):
    what = serializers.CharField(max_length=200)
