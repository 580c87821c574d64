"""What the API says of the consortium, and what it takes."""

from typing import Any

from django_countries.serializer_fields import CountryField
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inm_portal.kernel.api.documents import FileInput
from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.filters import LARGEST
from inm_portal.kernel.money import CENT

from ..models import (
    CURRENCY_CODE,
    IN_CASH,
    IN_KIND,
    Agreement,
    AgreementException,
    AgreementYear,
    AmendedYear,
    Amendment,
    Appraisal,
    ApprovingOffice,
    Category,
    CommitmentYear,
    Contact,
    ContactMerge,
    ContactRole,
    ContributionCredit,
    CreditEntry,
    CreditOpinion,
    Deviation,
    DisputeOutcome,
    Evidence,
    FloorWaiver,
    FormerName,
    InKindItem,
    Interest,
    ItemApproval,
    Method,
    Organization,
    OrganizationLink,
    RoleAssignment,
    Screening,
    ShortfallWaiver,
    Site,
    Valuation,
    ValuationDispute,
)
from ..services import Paper, YearTerms
from ..states import ItemStage, MembershipStatus, Outcome, YearStatus


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


class DeviationSerializer(RecordSerializer):
    class Meta:
        model = Deviation
        fields = ["id", "clause", "template_says", "agreement_says", "reason"]


class ScreeningSerializer(RecordSerializer):
    class Meta:
        model = Screening
        fields = [
            *["id", "organization", "screened_name", "result", "screened_on"],
            *["note", "recorded_at", "recorded_by"],
        ]


class ScreeningInput(RecordSerializer):
    class Meta:
        model = Screening
        fields = ["result", "screened_name", "screened_on", "note"]


class TermsInForce(serializers.Serializer):
    """The terms of today, after all amendments."""

    contracting_entity = serializers.CharField(source="contracting_entity_now")
    entity_country = serializers.CharField(source="entity_country_now")
    entity_tax_number = serializers.CharField(source="entity_tax_number_now")
    billing_frequency = serializers.CharField(source="billing_frequency_now")
    payment_terms_days = serializers.IntegerField(source="payment_terms_days_now")
    renewal_notice_days = serializers.IntegerField(source="renewal_notice_days_now")


class AgreementSerializer(RecordSerializer):
    """An agreement as lists show it."""

    entity_country = serializers.CharField(read_only=True)
    ends_on = serializers.DateField(read_only=True)
    total = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True)

    class Meta:
        model = Agreement
        fields = [
            *["id", "version", "organization", "state", "template_version"],
            *["contracting_entity", "entity_country", "entity_tax_number"],
            *["effective_on", "term_years", "ends_on", "currency", "total"],
            *["billing_frequency", "payment_terms_days", "renewal_notice_days"],
            *["in_kind_cap_percent", "carries_forward", "cure_days", "signed_on"],
            *["signed_for_member_by", "signed_for_mit_by", "executed"],
            "executed_sha256",
        ]


class AgreementDetail(AgreementSerializer):
    """An agreement with its years, its deviations and what is in force of it."""

    entity_country = CountryField(read_only=True)  # type: ignore[assignment]
    is_foreign = serializers.BooleanField(read_only=True)
    deviations = DeviationSerializer(many=True, read_only=True)
    number = serializers.CharField(read_only=True)
    years = AgreementYearSerializer(many=True, read_only=True)
    renewal_notice_on = serializers.DateField(read_only=True)
    days_late = serializers.IntegerField(read_only=True)
    in_force = TermsInForce(source="*", read_only=True)
    waiver = WaiverSerializer(read_only=True, allow_null=True)

    class Meta(AgreementSerializer.Meta):
        fields = [
            *[*AgreementSerializer.Meta.fields, "number", "is_foreign", "deviations"],
            *["renewal_notice_on", "years", "days_late", "in_force", "waiver"],
        ]


class AgreementInput(RecordSerializer):
    entity_country = CountryField(required=False)
    years = YearTermsInput(many=True, min_length=1, max_length=10)  # type: ignore[call-arg]

    class Meta:
        model = Agreement
        fields = [
            "template_version",
            "contracting_entity",
            "entity_country",
            "entity_tax_number",
            "effective_on",
            "currency",
            "billing_frequency",
            "payment_terms_days",
            "renewal_notice_days",
            "in_kind_cap_percent",
            "carries_forward",
            "cure_days",
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
    file = serializers.FileField()


class LinkSerializer(RecordSerializer):
    reduce_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = OrganizationLink
        fields = [
            *["id", "organization", "kind", "other", "from_on", "until_on"],
            *["history_open_on", "reduce_on"],
        ]


class LinkInput(RecordSerializer):
    class Meta:
        model = OrganizationLink
        fields = ["other", "from_on"]


class SpinOffInput(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    legal_name = serializers.CharField(max_length=200)
    rest_name = serializers.CharField(max_length=200)
    rest_legal_name = serializers.CharField(max_length=200)
    from_on = serializers.DateField()
    contacts = serializers.PrimaryKeyRelatedField(
        many=True, queryset=Contact.objects.current(), default=[]
    )


class ExceptionSerializer(RecordSerializer):
    class Meta:
        model = AgreementException
        fields = [
            *["id", "kind", "organization", "agreement", "amendment"],
            *["commitment_year", "noted_on", "what"],
        ]


class AmendedYearSerializer(RecordSerializer):
    class Meta:
        model = AmendedYear
        fields = ["number", "required", "fee_part"]


class AmendmentSerializer(RecordSerializer):
    """An amendment as lists show it."""

    entity_country = serializers.CharField(read_only=True)

    class Meta:
        model = Amendment
        fields = [
            *["id", "version", "agreement", "number", "state", "effective_on"],
            *["counting", "reason", "contracting_entity", "entity_country"],
            *["entity_tax_number", "billing_frequency", "payment_terms_days"],
            *["renewal_notice_days", "other_terms", "signed_on"],
            *["signed_for_member_by", "signed_for_mit_by", "executed"],
            *["executed_sha256", "abandoned_because"],
        ]


class AmendmentDetail(AmendmentSerializer):
    """An amendment with the years that it changes."""

    entity_country = CountryField(read_only=True)  # type: ignore[assignment]
    years = AmendedYearSerializer(many=True, read_only=True)
    days_late = serializers.IntegerField(read_only=True)
    waiver = WaiverSerializer(read_only=True, allow_null=True)

    class Meta(AmendmentSerializer.Meta):
        fields = [*AmendmentSerializer.Meta.fields, "years", "days_late", "waiver"]


class AmendedYearInput(YearTermsInput):
    number = serializers.IntegerField(min_value=1, max_value=10)


class AmendmentInput(RecordSerializer):
    entity_country = CountryField(required=False, allow_blank=True)
    years = AmendedYearInput(many=True, max_length=10, required=False)  # type: ignore[call-arg]

    class Meta:
        model = Amendment
        fields = [
            *["effective_on", "reason", "counting", "contracting_entity"],
            *["entity_country", "entity_tax_number", "billing_frequency"],
            *["payment_terms_days", "renewal_notice_days", "other_terms", "years"],
        ]

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = data.get("years", [])
        years = {row.pop("number"): YearTerms(**row) for row in rows}
        return data | {"years": years}


class ChangeSerializer(serializers.Serializer):
    what = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class YearLineSerializer(serializers.Serializer):
    number = serializers.IntegerField(source="year.number")
    is_past = serializers.BooleanField()
    is_added = serializers.BooleanField()
    before = serializers.DecimalField(max_digits=14, decimal_places=2)
    after = serializers.DecimalField(max_digits=14, decimal_places=2)
    fee_before = serializers.DecimalField(max_digits=14, decimal_places=2)
    fee_after = serializers.DecimalField(max_digits=14, decimal_places=2)


class ElsewhereSerializer(serializers.Serializer):
    """What changes in another part; without ``changes``, the portal cannot say yet."""

    part = serializers.CharField()
    changes = ChangeSerializer(many=True, allow_null=True)


class PreviewSerializer(serializers.Serializer):
    years = YearLineSerializer(many=True)
    terms = ChangeSerializer(many=True)
    needs_waiver = serializers.BooleanField()
    elsewhere = ElsewhereSerializer(many=True)
    letter = serializers.CharField()


def amount_field(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, **more)


def amount_read() -> serializers.DecimalField:
    return amount_field(read_only=True)


class CommitmentYearSerializer(RecordSerializer):
    """
    A year with the amounts in force, beside those signed at first.

    Where it stands is told by its commitment position, which has its key.
    """

    organization = serializers.IntegerField(source="organization_id")
    required = serializers.DecimalField(  # type: ignore[assignment]
        source="required_now", max_digits=14, decimal_places=2, read_only=True
    )
    fee_part = serializers.DecimalField(
        source="fee_now", max_digits=14, decimal_places=2, read_only=True
    )
    required_at_signing = serializers.DecimalField(
        source="required", max_digits=14, decimal_places=2, read_only=True
    )
    fee_part_at_signing = serializers.DecimalField(
        source="fee_part", max_digits=14, decimal_places=2, read_only=True
    )

    class Meta:
        model = CommitmentYear
        fields = [
            *["id", "organization", "agreement", "number", "starts_on", "ends_on"],
            *["required", "fee_part", "required_at_signing", "fee_part_at_signing"],
            "currency",
        ]


class CommitmentPositionSerializer(RecordSerializer):
    """What counts toward a commitment year, as known on a day."""

    organization = serializers.IntegerField(source="organization_id")
    required = serializers.DecimalField(  # type: ignore[assignment]
        source="required_now", max_digits=14, decimal_places=2, read_only=True
    )
    status = serializers.ChoiceField(choices=YearStatus.choices, read_only=True)
    credited = amount_read()
    pending = amount_read()
    short = amount_read()
    excess = amount_read()
    recognized = amount_read()
    in_kind = amount_read()
    cap = amount_read()
    in_cash = amount_read()
    cash_part = amount_read()
    cash_short = amount_read()
    cure_until = serializers.DateField(read_only=True)

    class Meta:
        model = CommitmentYear
        fields = [
            *["id", "organization", "agreement", "number", "starts_on", "ends_on"],
            *["currency", "required", "status", "credited", "pending", "short"],
            *["excess", "recognized", "in_kind", "cap", "in_cash", "cash_part"],
            *["cash_short", "cure_until"],
        ]


class ShortfallWaiverSerializer(RecordSerializer):
    class Meta:
        model = ShortfallWaiver
        fields = ["id", "commitment_year", "amount", "reason", "granted_at"]


class EvidenceSerializer(RecordSerializer):
    used = amount_read()
    left = amount_read()
    rate = serializers.DecimalField(max_digits=20, decimal_places=6, read_only=True)

    class Meta:
        model = Evidence
        fields = [
            *["id", "version", "organization", "payer", "number", "amount"],
            *["currency", "foreign_amount", "foreign_currency", "rate"],
            *["dated_on", "used", "left", "recorded_at"],
        ]


class EvidenceChange(RecordSerializer):
    amount = amount_field(min_value=CENT)
    foreign_amount = amount_field(min_value=CENT, allow_null=True)

    class Meta:
        model = Evidence
        fields = ["amount", "foreign_amount", "foreign_currency", "dated_on"]


class CreditEntrySerializer(RecordSerializer):
    class Meta:
        model = CreditEntry
        fields = [
            *["id", "commitment_year", "kind", "amount", "recognized"],
            *["value_on", "recorded_at", "reason"],
        ]


class CreditOpinionSerializer(RecordSerializer):
    class Meta:
        model = CreditOpinion
        fields = ["id", "office", "text", "given_by", "given_at"]


class ValuationSerializer(RecordSerializer):
    class Meta:
        model = Valuation
        fields = [
            *["id", "method", "basis", "discount_percent", "months", "value"],
            *["note", "valued_by", "valued_at"],
        ]


class DisputeOutcomeSerializer(RecordSerializer):
    class Meta:
        model = DisputeOutcome
        fields = [
            *["id", "value", "reason", "appraiser", "appraisal_cost"],
            *["settled_by", "settled_at"],
        ]


class DisputeSerializer(RecordSerializer):
    class Meta:
        model = ValuationDispute
        fields = ["id", "figure", "method", "reason", "raised_by", "raised_at"]


class ItemApprovalSerializer(RecordSerializer):
    class Meta:
        model = ItemApproval
        fields = ["id", "office", "approved_by", "approved_on", "note", "recorded_at"]


class AppraisalSerializer(RecordSerializer):
    class Meta:
        model = Appraisal
        fields = ["id", "appraiser", "appraised_on", "value", "cost", "document"]


class ItemSerializer(RecordSerializer):
    stage = serializers.ChoiceField(choices=ItemStage.choices, read_only=True)
    approvals = ItemApprovalSerializer(many=True, read_only=True)
    appraisals = AppraisalSerializer(many=True, read_only=True)
    valuations = ValuationSerializer(many=True, read_only=True)
    disputes = DisputeSerializer(many=True, read_only=True)

    class Meta:
        model = InKindItem
        fields = [
            *["name", "serial", "site", "condition", "restrictions", "running_cost"],
            *["export_classification", "needs_ehs_approval", "needs_space_approval"],
            *["donor_tax_value", "booked_value", "state", "stage", "delivered_on"],
            *["returned_on", "approvals", "appraisals", "valuations", "disputes"],
        ]


class CreditSerializer(RecordSerializer):
    """A contribution credit as lists show it."""

    outcome = serializers.ChoiceField(choices=Outcome.choices, read_only=True)
    credited = amount_read()
    recognized = amount_read()

    class Meta:
        model = ContributionCredit
        fields = [
            *["id", "organization", "commitment_year", "category", "evidence"],
            *["amount", "currency", "contributed_on", "what_for", "claimed_by"],
            *["claimed_at", "outcome", "asked_for", "accepted", "reason"],
            *["decided_by", "decided_at", "credited", "recognized"],
        ]


class CreditDetail(CreditSerializer):
    """
    A contribution credit with its entries and the thing in kind.

    For people at INM alone: ``opinions`` of finance and counsel, what MIT booked
    for the thing, and ``elsewhere``, the credits of other members by what may be the
    same document.
    """

    entries = CreditEntrySerializer(many=True, read_only=True)
    opinions = CreditOpinionSerializer(many=True, read_only=True)
    item = serializers.SerializerMethodField()
    elsewhere = serializers.SerializerMethodField()

    class Meta(CreditSerializer.Meta):
        fields = [
            *CreditSerializer.Meta.fields,
            *["entries", "opinions", "item", "elsewhere"],
        ]

    @extend_schema_field(ItemSerializer(allow_null=True))
    def get_item(self, credit: ContributionCredit) -> Any:
        item = getattr(credit, "item", None)
        if item is None:
            return None
        shown = ItemSerializer(item).data
        return shown if credit.may_see_booking else shown | {"booked_value": None}

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_elsewhere(self, credit: ContributionCredit) -> list[int]:
        if not credit.may_compare:
            return []
        return [
            other.pk for other in ContributionCredit.objects.elsewhere(credit.evidence)
        ]


class PaperInput(serializers.Serializer):
    payer = serializers.CharField(max_length=200)
    number = serializers.CharField(max_length=100)
    amount = amount_field(min_value=CENT)
    dated_on = serializers.DateField()
    foreign_amount = amount_field(min_value=CENT, allow_null=True, default=None)
    foreign_currency = serializers.RegexField(
        CURRENCY_CODE, allow_blank=True, default=""
    )


class PartInput(serializers.Serializer):
    commitment_year = serializers.IntegerField(min_value=1, max_value=LARGEST)
    category = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in IN_CASH]
    )
    amount = amount_field(min_value=CENT)


class OfferedPartInput(PartInput):
    category = serializers.ChoiceField(
        choices=[(one, Category(one).label) for one in IN_KIND]
    )


#: Years of the longest term, in three categories each.
MOST_PARTS = 30


class ClaimInput(serializers.Serializer):
    """``knows_earlier``: what was claimed on the same document before was seen."""

    paper = PaperInput()
    parts = PartInput(many=True, min_length=1, max_length=MOST_PARTS)  # type: ignore[call-arg]
    contributed_on = serializers.DateField()
    what_for = serializers.CharField(max_length=500)
    knows_earlier = serializers.BooleanField(default=False)

    def validate_paper(self, paper: dict[str, Any]) -> Paper:
        return Paper(**paper)


class OfferInput(RecordSerializer):
    running_cost = amount_field(min_value=0, default=0)
    donor_tax_value = amount_field(min_value=0, allow_null=True, default=None)
    paper = PaperInput()
    part = OfferedPartInput()
    contributed_on = serializers.DateField()
    knows_earlier = serializers.BooleanField(default=False)

    class Meta:
        model = InKindItem
        fields = [
            *["name", "serial", "site", "condition", "restrictions", "running_cost"],
            *["export_classification", "donor_tax_value", "paper", "part"],
            *["contributed_on", "knows_earlier"],
        ]

    def validate_paper(self, paper: dict[str, Any]) -> Paper:
        return Paper(**paper)


class AskInput(serializers.Serializer):
    asked_for = serializers.CharField(max_length=500)


class OpinionInput(serializers.Serializer):
    text = serializers.CharField(max_length=500)


class DecisionInput(serializers.Serializer):
    accepted = amount_field(min_value=0)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ReductionInput(serializers.Serializer):
    amount = amount_field(min_value=CENT)
    reason = serializers.CharField(max_length=500)


class AssessmentInput(RecordSerializer):
    class Meta:
        model = InKindItem
        fields = [
            *["needs_ehs_approval", "needs_space_approval", "site", "condition"],
            *["restrictions", "running_cost", "export_classification"],
        ]


class ApprovalInput(serializers.Serializer):
    office = serializers.ChoiceField(choices=ApprovingOffice.choices)
    approved_by = serializers.CharField(max_length=200)
    approved_on = serializers.DateField()
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class AppraisalInput(FileInput):
    appraiser = serializers.CharField(max_length=200)
    appraised_on = serializers.DateField()
    value = amount_field(min_value=0)
    cost = amount_field(min_value=0, default=0)


class DeliveryInput(serializers.Serializer):
    on = serializers.DateField()


class ValuationInput(RecordSerializer):
    basis = amount_field(min_value=0)

    class Meta:
        model = Valuation
        fields = ["method", "basis", "discount_percent", "months", "note"]


class BookingInput(serializers.Serializer):
    booked_value = amount_field(min_value=0)


class DisputeInput(serializers.Serializer):
    figure = amount_field(min_value=0)
    method = serializers.ChoiceField(choices=Method.choices)
    reason = serializers.CharField(max_length=500)


class SettlementInput(serializers.Serializer):
    value = amount_field(min_value=0)
    reason = serializers.CharField(max_length=500)
    appraiser = serializers.CharField(max_length=200, allow_blank=True, default="")
    appraisal_cost = amount_field(min_value=0, default=0)


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
