"""Companies, their names and their sites."""

from django_countries.serializer_fields import CountryField
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer

from ...models import FormerName, Organization, Site
from ...states import MembershipStatus


class FormerNameSerializer(RecordSerializer):
    class Meta:
        model = FormerName
        fields = ["name", "legal_name", "from_on", "until_on"]


class SiteSerializer(RecordSerializer):
    country = CountryField()

    class Meta:
        model = Site
        fields = ["id", "name", "kind", "city", "region", "country"]


class OrganizationSerializer(RecordSerializer):
    """An organization as lists show it."""

    status = serializers.ChoiceField(choices=MembershipStatus.choices, read_only=True)
    member_since = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Organization
        fields = [
            "id",
            "version",
            "name",
            "legal_name",
            "named_since_on",
            "sector",
            "website",
            "owner",
            "is_founding",
            "status",
            "member_since",
        ]


class OrganizationDetail(OrganizationSerializer):
    """An organization with its former names and its sites."""

    former_names = FormerNameSerializer(many=True, read_only=True)
    sites = SiteSerializer(many=True, read_only=True)

    class Meta(OrganizationSerializer.Meta):
        fields = [*OrganizationSerializer.Meta.fields, "former_names", "sites"]


class OrganizationInput(RecordSerializer):
    class Meta:
        model = Organization
        fields = [
            "name",
            "legal_name",
            "named_since_on",
            "sector",
            "website",
            "owner",
            "is_founding",
        ]


class OrganizationChange(RecordSerializer):
    class Meta:
        model = Organization
        fields = ["sector", "website", "owner", "is_founding"]


class RenameInput(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    legal_name = serializers.CharField(max_length=200)
    from_on = serializers.DateField()
