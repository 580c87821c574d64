"""What changed from one submission to another."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import ProposalSnapshot
from ...services import PieceKind


class LaterSubmissionSerializer(RecordSerializer):
    class Meta:
        model = ProposalSnapshot
        fields = ["id", "proposal", "number", "submitted_at"]


class PieceSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=PieceKind.choices)
    text = serializers.CharField()


class DifferenceSerializer(serializers.Serializer):
    """A part that is not as it was, in pieces that stayed, went or came."""

    section = serializers.CharField()
    part = serializers.CharField(source="label")
    pieces = PieceSerializer(many=True)


class SubmissionDifferencesSerializer(serializers.Serializer):
    """``since`` and ``number`` are those of the submissions that are compared."""

    proposal = serializers.IntegerField()
    since = serializers.IntegerField()
    number = serializers.IntegerField()
    differences = DifferenceSerializer(many=True)
