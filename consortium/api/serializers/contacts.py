"""People at companies and their roles."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import Contact, ContactRole, RoleAssignment


class RoleAssignmentSerializer(RecordSerializer):
    class Meta:
        model = RoleAssignment
        fields = ["id", "contact", "organization", "role", "from_on", "until_on"]


class ContactSerializer(RecordSerializer):
    roles = RoleAssignmentSerializer(source="current_roles", many=True, read_only=True)

    class Meta:
        model = Contact
        fields = [
            "id",
            "version",
            "organization",
            "name",
            "email",
            "job_title",
            "phone",
            "is_shared_mailbox",
            "roles",
            "invitation",
            "confirmed_on",
            "departed_on",
        ]


class ContactInput(RecordSerializer):
    class Meta:
        model = Contact
        fields = ["name", "email", "job_title", "phone", "is_shared_mailbox"]


class RoleInput(serializers.Serializer):
    role = serializers.ChoiceField(choices=ContactRole.choices)
    from_on = serializers.DateField()


class EndRoleInput(serializers.Serializer):
    until_on = serializers.DateField()


class DepartureInput(serializers.Serializer):
    on = serializers.DateField()
