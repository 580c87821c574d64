"""Interests in a member that people at INM disclose."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import Interest


class InterestSerializer(RecordSerializer):
    class Meta:
        model = Interest
        fields = [
            *["id", "person", "organization", "reason", "from_on", "until_on"],
            "disclosed_at",
        ]


class InterestInput(RecordSerializer):
    class Meta:
        model = Interest
        fields = ["person", "reason", "from_on", "until_on"]


class EndInterestInput(serializers.Serializer):
    until_on = serializers.DateField()
