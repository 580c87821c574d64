"""Talks of members with one of the faculty."""

from typing import Any

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import Contact, FacultyMember, OneToOneRequest, Organization
from ...policies.one_to_ones import contacts_to_meet


class OneToOneSerializer(RecordSerializer):
    """A talk that somebody of a member asked for, and what came of it."""

    class Meta:
        model = OneToOneRequest
        fields = [
            *["id", "organization", "contact", "faculty", "topic", "suits", "state"],
            *["meets_on", "place", "reason", "interaction", "asked_at"],
        ]


class OneToOneInput(serializers.Serializer):
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.none()
    )
    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.none())
    faculty = serializers.PrimaryKeyRelatedField(queryset=FacultyMember.objects.all())
    topic = serializers.CharField(max_length=2000)
    suits = serializers.CharField(max_length=300)

    def get_fields(self) -> Any:
        """Offer the companies for which the caller asks, and for whom there."""
        fields: Any = super().get_fields()
        user = getattr(self.context.get("request"), "user", None)
        if user is not None and user.is_authenticated:
            own = Organization.objects.permitted(user, "ask_one_to_one")
            fields["organization"].queryset = own
            fields["contact"].queryset = contacts_to_meet(user)
        return fields


class OneToOneAgreement(serializers.Serializer):
    meets_on = serializers.DateField()
    place = serializers.CharField(max_length=200)


class OneToOneHeld(serializers.Serializer):
    summary = serializers.CharField(max_length=4000)
    is_shared = serializers.BooleanField(required=False, default=True)


class OneToOneCap(serializers.Serializer):
    one_to_one_cap = serializers.IntegerField(min_value=0, max_value=50)
