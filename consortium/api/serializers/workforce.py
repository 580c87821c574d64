"""Workforce programs, who takes part, what they give, and students to be found."""

from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import (
    ContributionCredit,
    Organization,
    ProfileOpening,
    ProgramContribution,
    ProgramPart,
    StudentProfile,
    WorkforceProgram,
)


class ProgramSerializer(RecordSerializer):
    """A program; ``left`` is empty where seats have no limit."""

    members = serializers.IntegerField(read_only=True)
    taken = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = WorkforceProgram
        fields = ["id", "kind", "name", "summary", "starts_on", "ends_on", "seats"]
        fields += ["members", "taken", "left", "version"]


class ProgramInput(RecordSerializer):
    name = serializers.CharField(max_length=200)

    class Meta:
        model = WorkforceProgram
        fields = ["kind", "name", "summary", "starts_on", "ends_on", "seats"]


class ProgramPartSerializer(RecordSerializer):
    class Meta:
        model = ProgramPart
        fields = ["id", "program", "organization", "seats"]
        fields += ["joined_on", "left_on", "version"]


class JoinProgramInput(serializers.Serializer):
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all()
    )
    seats = serializers.IntegerField(min_value=0, max_value=10_000)
    on = serializers.DateField()


class SeatsInput(serializers.Serializer):
    seats = serializers.IntegerField(min_value=0, max_value=10_000)


class LeaveProgramInput(serializers.Serializer):
    on = serializers.DateField()


class ProgramContributionSerializer(RecordSerializer):
    class Meta:
        model = ProgramContribution
        fields = ["id", "part", "kind", "what", "amount", "currency"]
        fields += ["contributed_on", "credit", "reverses", "reason", "recorded_at"]


class ProgramContributionInput(RecordSerializer):
    credit = serializers.PrimaryKeyRelatedField(
        queryset=ContributionCredit.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = ProgramContribution
        fields = ["kind", "what", "amount", "contributed_on", "credit"]


class StudentProfileSerializer(RecordSerializer):
    """A student without a name; the page of one says it, and notes who asked."""

    is_shared = serializers.BooleanField(read_only=True)
    consent_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = StudentProfile
        fields = ["id", "degree", "department", "graduates_on", "looks_for", "skills"]
        fields += ["is_shared", "consent_at", "version"]


class StudentSerializer(StudentProfileSerializer):
    name = serializers.CharField(source="person.name", read_only=True)
    email = serializers.CharField(source="person.email", read_only=True)

    class Meta(StudentProfileSerializer.Meta):
        fields = [*StudentProfileSerializer.Meta.fields, "name", "email"]


class ProfileInput(RecordSerializer):
    file = serializers.FileField(required=False)

    class Meta:
        model = StudentProfile
        fields = ["degree", "department", "graduates_on", "looks_for", "skills", "file"]


class ProfileOpeningSerializer(RecordSerializer):
    person = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = ProfileOpening
        fields = ["id", "profile", "person", "organization", "is_resume", "opened_at"]
