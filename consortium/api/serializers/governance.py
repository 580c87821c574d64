"""Bodies, seats, meetings with their record, motions and votes."""

from rest_framework import serializers

from inm_portal.accounts.models import User
from inm_portal.kernel.api.serializers import ReasonInput, RecordSerializer

from ...models import (
    Action,
    AgendaItem,
    AntitrustStatement,
    Attendance,
    Body,
    Choice,
    ConflictDeclared,
    Contact,
    Decision,
    Elector,
    Meeting,
    MeetingPaper,
    Minutes,
    Motion,
    Presence,
    Seat,
    Sitting,
)


class BodySerializer(RecordSerializer):
    class Meta:
        model = Body
        fields = ["id", "name", "kind", "charge", "formed_on"]


class BodyInput(BodySerializer):
    class Meta(BodySerializer.Meta):
        fields = ["name", "kind", "charge", "formed_on"]


class SeatSerializer(RecordSerializer):
    class Meta:
        model = Seat
        fields = [
            *["id", "body", "name", "organization", "votes", "is_chair"],
            "until_on",
        ]


class SeatInput(RecordSerializer):
    class Meta:
        model = Seat
        fields = ["name", "organization", "votes", "is_chair"]


class SittingSerializer(RecordSerializer):
    """Who holds a seat, or stands in: a contact of its member, or a person."""

    class Meta:
        model = Sitting
        fields = [
            *["id", "body", "seat", "is_alternate", "contact", "person"],
            *["from_on", "until_on"],
        ]


class SitInput(serializers.Serializer):
    contact = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.all(), required=False
    )
    person = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.all(), required=False
    )
    is_alternate = serializers.BooleanField(required=False)
    from_on = serializers.DateField()

    def validate(self, attrs):
        if ("contact" in attrs) == ("person" in attrs):
            raise serializers.ValidationError("Name a contact or a person.")
        return attrs


class EndSeatInput(ReasonInput):
    until_on = serializers.DateField()


class LeaveInput(serializers.Serializer):
    until_on = serializers.DateField()


class AgendaInput(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    length = serializers.IntegerField(min_value=1, max_value=1440)
    presenter = serializers.CharField(max_length=200, required=False)
    is_closed = serializers.BooleanField(required=False)


class MeetingInput(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=200)
    agenda = AgendaInput(many=True)


class MeetingSerializer(RecordSerializer):
    class Meta:
        model = Meeting
        fields = [
            *["id", "body", "title", "starts_at", "ends_at", "place", "state"],
            *["cancelled_because", "adopted"],
        ]


class AgendaItemSerializer(RecordSerializer):
    class Meta:
        model = AgendaItem
        fields = [
            *["id", "meeting", "position", "title", "presenter", "length"],
            "is_closed",
        ]


class MeetingPaperSerializer(RecordSerializer):
    class Meta:
        model = MeetingPaper
        fields = ["id", "meeting", "item", "title", "audience", "recorded_at"]


class AttendanceSerializer(RecordSerializer):
    class Meta:
        model = Attendance
        fields = ["id", "meeting", "sitting", "guest", "presence"]


class PresenceInput(serializers.Serializer):
    sitting = serializers.PrimaryKeyRelatedField(queryset=Sitting.objects.all())
    presence = serializers.ChoiceField(choices=Presence.choices)


class MeetingHeldInput(serializers.Serializer):
    presences = PresenceInput(many=True)
    guests = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False
    )


class ConflictSerializer(RecordSerializer):
    class Meta:
        model = ConflictDeclared
        fields = ["id", "meeting", "item", "sitting", "what", "left_the_room"]


class ConflictInput(serializers.Serializer):
    sitting = serializers.PrimaryKeyRelatedField(queryset=Sitting.objects.all())
    item = serializers.PrimaryKeyRelatedField(
        queryset=AgendaItem.objects.all(), required=False
    )
    what = serializers.CharField(max_length=500)
    left_the_room = serializers.BooleanField()


class BodyDecisionSerializer(RecordSerializer):
    class Meta:
        model = Decision
        fields = ["id", "meeting", "item", "text", "recorded_at"]


class BodyDecisionInput(serializers.Serializer):
    item = serializers.PrimaryKeyRelatedField(
        queryset=AgendaItem.objects.all(), required=False
    )
    text = serializers.CharField(max_length=2000)


class BodyActionSerializer(RecordSerializer):
    """Who does it by when stands in its task."""

    class Meta:
        model = Action
        fields = ["id", "meeting", "what", "recorded_at"]


class BodyActionInput(serializers.Serializer):
    what = serializers.CharField(max_length=200)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())
    due_on = serializers.DateField()


class MinutesSerializer(RecordSerializer):
    class Meta:
        model = Minutes
        fields = ["id", "meeting", "number", "text", "recorded_at"]


class MinutesInput(serializers.Serializer):
    text = serializers.CharField(max_length=50000)


class MotionSerializer(RecordSerializer):
    class Meta:
        model = Motion
        fields = [
            *["id", "body", "meeting", "title", "text", "weight_rule"],
            *["fee_of_a_vote", "most_votes", "quorum", "pass_rule", "is_secret"],
            *["allows_proxy", "state", "opened_at", "closes_at", "closed_at"],
            *["in_favor", "against", "abstaining", "electorate", "outcome"],
            "certified_at",
        ]


class MotionInput(RecordSerializer):
    class Meta:
        model = Motion
        fields = [
            *["title", "text", "meeting", "weight_rule", "fee_of_a_vote"],
            *["most_votes", "quorum", "pass_rule", "is_secret", "allows_proxy"],
        ]


class OpenMotionInput(serializers.Serializer):
    closes_at = serializers.DateTimeField()


class ElectorSerializer(RecordSerializer):
    """A seat that may vote and its weight; how it voted is told to nobody here."""

    class Meta:
        model = Elector
        fields = ["id", "motion", "seat", "weight"]


class VoteInput(serializers.Serializer):
    choice = serializers.ChoiceField(choices=Choice.choices)


class ProxyInput(serializers.Serializer):
    to = serializers.PrimaryKeyRelatedField(
        queryset=Elector.objects.all(), allow_null=True
    )


class AntitrustSerializer(RecordSerializer):
    class Meta:
        model = AntitrustStatement
        fields = ["id", "number", "text", "from_on", "published_at"]


class AntitrustInput(serializers.Serializer):
    text = serializers.CharField(max_length=10000)
    from_on = serializers.DateField()
