"""What the API says of the consortium, and what it takes."""

from typing import Any

from django.utils import timezone
from django_countries.serializer_fields import CountryField
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.filters import LARGEST

from ..models import (
    Agreement,
    AgreementYear,
    CommitmentYear,
    Contact,
    ContactMerge,
    ContactRole,
    FloorWaiver,
    FormerName,
    Organization,
    RoleAssignment,
    Site,
)
from ..services import YearTerms
from ..states import MembershipStatus, YearStatus


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


class ContactMergeSerializer(RecordSerializer):
    undo_until = serializers.DateTimeField(read_only=True)

    class Meta:
        model = ContactMerge
        fields = [
            *["id", "survivor", "merged", "merged_at", "merged_by"],
            *["undo_until", "undone_at"],
        ]


class MergeInput(serializers.Serializer):
    merged = serializers.IntegerField(min_value=1, max_value=LARGEST)
    take = serializers.MultipleChoiceField(
        choices=[(name, name) for name in ContactMerge.FIELDS], required=False
    )


class AgreementYearSerializer(RecordSerializer):
    class Meta:
        model = AgreementYear
        fields = ["number", "required", "fee_part"]


class YearTermsInput(serializers.Serializer):
    required = serializers.DecimalField(  # type: ignore[assignment]
        max_digits=14, decimal_places=2, min_value=1
    )
    fee_part = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)


class WaiverSerializer(RecordSerializer):
    class Meta:
        model = FloorWaiver
        fields = ["reason", "granted_by", "granted_at"]


class AgreementSerializer(RecordSerializer):
    number = serializers.CharField(read_only=True)
    years = AgreementYearSerializer(many=True, read_only=True)
    total = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True)
    renewal_notice_on = serializers.DateField(read_only=True)
    waiver = WaiverSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Agreement
        fields = [
            "id",
            "version",
            "number",
            "organization",
            "state",
            "contracting_entity",
            "effective_on",
            "term_years",
            "ends_on",
            "renewal_notice_on",
            "currency",
            "total",
            "years",
            "billing_frequency",
            "payment_terms_days",
            "renewal_notice_days",
            "signed_on",
            "signed_for_member_by",
            "signed_for_mit_by",
            "waiver",
        ]


class AgreementInput(RecordSerializer):
    years = YearTermsInput(many=True, min_length=1, max_length=10)  # type: ignore[call-arg]

    class Meta:
        model = Agreement
        fields = [
            "contracting_entity",
            "effective_on",
            "currency",
            "billing_frequency",
            "payment_terms_days",
            "renewal_notice_days",
            "years",
        ]

    def validate_years(self, years: list[dict[str, Any]]) -> list[YearTerms]:
        return [YearTerms(**year) for year in years]


class WaiverInput(serializers.Serializer):
    reason = serializers.CharField()


class SignatureInput(serializers.Serializer):
    signed_on = serializers.DateField()
    signed_for_member_by = serializers.CharField(max_length=200)
    signed_for_mit_by = serializers.CharField(max_length=200)


class CommitmentYearSerializer(RecordSerializer):
    organization = serializers.IntegerField(source="organization_id")
    status = serializers.SerializerMethodField()

    class Meta:
        model = CommitmentYear
        fields = [
            "id",
            "organization",
            "agreement",
            "number",
            "starts_on",
            "ends_on",
            "required",
            "fee_part",
            "currency",
            "status",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=YearStatus.choices))
    def get_status(self, year: CommitmentYear) -> str:
        return year.status(on=timezone.localdate())
