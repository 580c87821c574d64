"""How members are, and when INM last spoke with each."""

from django.utils import timezone
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ... import services
from ...models import HealthNote, Organization
from ...states import Sign


class HealthNoteSerializer(RecordSerializer):
    class Meta:
        model = HealthNote
        fields = ["id", "organization", "health", "reason", "noted_on", "recorded_at"]


class HealthInput(RecordSerializer):
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all()
    )

    class Meta:
        model = HealthNote
        fields = ["organization", "health", "reason", "noted_on"]


class SignSerializer(serializers.Serializer):
    sign = serializers.ChoiceField(choices=Sign.choices)
    why = serializers.CharField()


class RelationshipSerializer(RecordSerializer):
    """Who looks after a member, when they last spoke, and how it is."""

    status = serializers.CharField(read_only=True)
    spoken_on = serializers.DateField(read_only=True, allow_null=True)
    health = serializers.CharField(read_only=True, allow_null=True)
    health_reason = serializers.CharField(read_only=True, allow_null=True)
    health_on = serializers.DateField(read_only=True, allow_null=True)
    notice_on = serializers.DateField(read_only=True, allow_null=True)
    signs = SignSerializer(source="told", many=True, read_only=True)

    class Meta:
        model = Organization
        fields = [
            *["id", "name", "status", "owner", "spoken_on"],
            *["health", "health_reason", "health_on", "notice_on", "signs"],
        ]

    def to_representation(self, instance):
        instance.told = services.signs_of(instance, on=timezone.localdate())
        return super().to_representation(instance)
