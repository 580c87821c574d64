"""What lists can be narrowed by, on pages, in exports and in the API alike."""

import re
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Any

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.accounts.models import User
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.money import CURRENCIES
from inm_portal.kernel.reminders.rules import rule_named

from .models import (
    DUES_RULE,
    Agreement,
    AgreementException,
    Allocation,
    Amendment,
    Appraisal,
    Became,
    BenefitUse,
    CallBack,
    Category,
    CommitmentYear,
    Contact,
    ContactRole,
    ContributionCredit,
    CreditEntry,
    CreditNote,
    CustomerAnswer,
    DuesException,
    DuesExceptionKind,
    DuesStep,
    Entitlement,
    EntryKind,
    Evidence,
    ExceptionKind,
    Instalment,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    InvoiceLine,
    LedgerAccount,
    LedgerEntry,
    Organization,
    OrganizationLink,
    PayerProfile,
    PaymentPromise,
    PostingKind,
    PurchaseOrder,
    Receipt,
    ReceiptShare,
    RecognisedAmount,
    Refund,
    ReminderPolicy,
    RemittanceAdvice,
    RoleAssignment,
    Screening,
    Sector,
    ShortfallWaiver,
    SponsorNote,
    StepKind,
    Valuation,
    ValuationDispute,
    WaitingMoney,
    WaitsFor,
    WriteOff,
    fiscal_year_of,
)
from .models import held as role_held
from .models.instalments import due_by
from .models.invoice_answers import of_members_matching
from .models.issued import FISCAL_YEAR_STARTS_IN
from .models.receivables import is_overdue
from .states import (
    ActState,
    AdviceStanding,
    AgreementState,
    AmendmentState,
    Bucket,
    CallBackStanding,
    CreditNoteState,
    DisputeStanding,
    InvoiceState,
    LadderStanding,
    MembershipStatus,
    NoteState,
    OrderStanding,
    Outcome,
    PromiseStanding,
    ReceiptStanding,
    ScreeningResult,
    Standing,
    YearStatus,
)

#: A day as addresses write it; a person's browser writes it so, too.
ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: A month as addresses write it.
ISO_MONTH = re.compile("[0-9]{4}-[0-9]{2}")

#: How an address asks for a day with what is known of it now.
RESTATED = "1"


class IsoDayField(forms.DateField):
    """A day as in 2025-12-31, written in no other way."""

    default_error_messages = {"invalid": _("Write the day as in 2025-12-31.")}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            if ISO_DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # there is no such day
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class IsoDayFilter(django_filters.DateFilter):
    field_class = IsoDayField


def not_ahead(day: date) -> None:
    """Refuse a day on which nothing can be known yet."""
    if day > timezone.localdate():
        raise ValidationError(_("This day lies ahead; nothing is known of it yet."))


def read_day(query: Any, name: str = "on") -> tuple[date, str]:
    """
    Return the day as known on which something is asked for, and what is wrong with it.

    It is today without one, and in the place of one that is wrong.
    """
    field = IsoDayField(required=False, validators=[not_ahead])
    try:
        return field.clean(query.get(name, "")) or timezone.localdate(), ""
    except ValidationError as error:
        return timezone.localdate(), " ".join(error.messages)


def day_asked(query: Any, name: str = "on") -> date:
    """Return the same day where a filter says what is wrong with it."""
    return read_day(query, name)[0]


def is_restated(query: Any) -> bool:
    """Return whether a day is asked for with what is known of it now."""
    return query.get("restated") == RESTATED


class DayForm(forms.Form):
    """The day as known on which a report is told."""

    on = IsoDayField(label=_("As known on"), required=False, validators=[not_ahead])


class PeriodForm(forms.Form):
    """The days of a statement, and the one as known on which it is told."""

    since = IsoDayField(label=_("From"), required=False)
    until = IsoDayField(label=_("To"), required=False, validators=[not_ahead])
    on = IsoDayField(label=_("As known on"), required=False, validators=[not_ahead])
    currency = forms.ChoiceField(
        label=_("Currency"), choices=CURRENCIES, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Fill in what is not asked for: this fiscal year until today, as known now."""
        data: dict[str, Any] = super().clean() or {}
        until = data.get("until") or timezone.localdate()
        starts_in = fiscal_year_of(until) - 1
        since = data.get("since") or date(starts_in, FISCAL_YEAR_STARTS_IN, 1)
        if since > until:
            self.add_error("since", _("The period ends before it begins."))
        known_on = data.get("on") or timezone.localdate()
        if known_on < until:
            self.add_error("on", _("On this day, the period was not over."))
        currency = data.get("currency") or CURRENCIES[0][0]
        told = {"since": since, "until": until, "known_on": known_on}
        return told | {"currency": currency}


def owners(request: Any) -> QuerySet[User]:
    """Return those who look after an organization that the visitor may see."""
    seen = Organization.objects.permitted(request.user, "view")
    used = seen.exclude(owner=None).values("owner")
    return User.objects.filter(pk__in=used).order_by("name")


class OrganizationFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    status = django_filters.ChoiceFilter(
        choices=MembershipStatus, label=_("Status"), empty_label=_("Any status")
    )
    sector = django_filters.ChoiceFilter(
        choices=Sector, label=_("Sector"), empty_label=_("Any sector")
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=owners, label=_("Owner"), empty_label=_("Any owner")
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class ContactFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    role = django_filters.ChoiceFilter(
        choices=ContactRole,
        method="holding",
        label=_("Role"),
        empty_label=_("Any role"),
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = Contact
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def holding(self, queryset, _name, role):
        today = timezone.localdate()
        return queryset.filter(role_held(on=today, prefix="roles__"), roles__role=role)


class RoleAssignmentFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    contact = KeyFilter(label=_("Contact"))
    role = django_filters.ChoiceFilter(choices=ContactRole, label=_("Role"))

    class Meta:
        model = RoleAssignment
        fields: list[str] = []


class AgreementFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        field_name="state_now",
        choices=AgreementState,
        label=_("State"),
        empty_label=_("Any state"),
    )
    organization = KeyFilter(label=_("Organization"))
    on = IsoDayFilter(
        method="as_known",
        label=_("As known on"),
        help_text=_("What was recorded by the end of a day."),
        validators=[not_ahead],
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def as_known(self, queryset, _name, _day):
        return queryset  # read by the queryset itself


class AmendmentFilter(django_filters.FilterSet):
    agreement = KeyFilter(label=_("Agreement"))
    organization = KeyFilter(
        field_name="agreement__organization", label=_("Organization")
    )
    state = django_filters.ChoiceFilter(choices=AmendmentState, label=_("State"))

    class Meta:
        model = Amendment
        fields: list[str] = []


class LinkFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    other = KeyFilter(label=_("Other company"))

    class Meta:
        model = OrganizationLink
        fields: list[str] = []


class ExceptionFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    kind = django_filters.ChoiceFilter(
        choices=ExceptionKind, label=_("Kind"), empty_label=_("Any kind")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = AgreementException
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        return queryset.filter(Q(organization__in=members) | Q(what__icontains=text))


class EntitlementFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    when = django_filters.ChoiceFilter(
        choices=[("now", _("Years of today"))],
        method="at",
        label=_("Years"),
        empty_label=_("All years"),
    )
    organization = KeyFilter(label=_("Organization"))
    commitment_year = KeyFilter(label=_("Commitment year"))

    class Meta:
        model = Entitlement
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def at(self, queryset, _name, _when):
        return queryset.current(on=timezone.localdate())


class BenefitUseFilter(django_filters.FilterSet):
    benefit = KeyFilter(label=_("Benefit"))
    commitment_year = KeyFilter(label=_("Commitment year"))

    class Meta:
        model = BenefitUse
        fields: list[str] = []


class ScreeningFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    result = django_filters.ChoiceFilter(choices=ScreeningResult, label=_("Result"))

    class Meta:
        model = Screening
        fields: list[str] = []


class CommitmentYearFilter(django_filters.FilterSet):
    organization = KeyFilter(
        field_name="agreement__organization", label=_("Organization")
    )
    agreement = KeyFilter(label=_("Agreement"))
    on = IsoDayFilter(
        method="open_on", label=_("Open on"), help_text=_("The years open on a day.")
    )

    as_known_on = IsoDayFilter(
        method="known_on",
        label=_("As known on"),
        help_text=_("The years and amounts that were recorded by the end of a day."),
        validators=[not_ahead],
    )

    class Meta:
        model = CommitmentYear
        fields: list[str] = []

    def known_on(self, queryset, _name, _day):
        return queryset  # read by the queryset itself

    def open_on(self, queryset, _name, day):
        return queryset.open(on=day)


class PositionFilter(django_filters.FilterSet):
    """The day, and how it is told, are read by the queryset itself."""

    search = django_filters.CharFilter(method="find", label=_("Search"))
    status = django_filters.ChoiceFilter(
        choices=YearStatus, label=_("Status"), empty_label=_("Any status")
    )
    which = django_filters.ChoiceFilter(
        choices=[("open", _("Covering the day")), ("ended", _("Ended by the day"))],
        method="covering",
        label=_("Years"),
        empty_label=_("All years"),
    )
    on = IsoDayFilter(
        method="as_known",
        label=_("As known on"),
        help_text=_("What was recorded by the end of a day."),
        validators=[not_ahead],
    )
    restated = django_filters.ChoiceFilter(
        choices=[(RESTATED, _("Restated"))],
        method="as_known",
        label=_("By what was known when"),
        empty_label=_("As known then"),
        help_text=_("1: what happened by the day, whenever it was recorded."),
    )
    organization = KeyFilter(
        field_name="agreement__organization", label=_("Organization")
    )

    class Meta:
        model = CommitmentYear
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        return queryset.filter(agreement__organization__in=members)

    @extend_schema_field(OpenApiTypes.STR)
    def covering(self, queryset, _name, which):
        on = self.form.cleaned_data.get("on") or timezone.localdate()
        return queryset.open(on=on) if which == "open" else queryset.ended(on=on)

    def as_known(self, queryset, _name, _day):
        return queryset


class CreditFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    outcome = django_filters.ChoiceFilter(
        choices=[("pending", _("Waits for a decision")), *Outcome.choices],
        method="come_to",
        label=_("Outcome"),
        empty_label=_("Any outcome"),
    )
    category = django_filters.ChoiceFilter(
        choices=Category, label=_("Category"), empty_label=_("Any category")
    )
    organization = KeyFilter(label=_("Organization"))
    commitment_year = KeyFilter(label=_("Commitment year"))
    evidence = KeyFilter(label=_("Evidence"))

    class Meta:
        model = ContributionCredit
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def come_to(self, queryset, _name, outcome):
        if outcome == "pending":
            return queryset.pending(on=timezone.localdate())
        return queryset.filter(outcome=outcome)


class OfItemFilter(django_filters.FilterSet):
    """Rows that say something of the value of a thing in kind."""

    organization = KeyFilter(
        field_name="item__credit__organization", label=_("Organization")
    )
    credit = KeyFilter(field_name="item__credit", label=_("Credit"))


class AppraisalFilter(OfItemFilter):
    class Meta:
        model = Appraisal
        fields: list[str] = []


class ValuationFilter(OfItemFilter):
    class Meta:
        model = Valuation
        fields: list[str] = []


class ValuationDisputeFilter(OfItemFilter):
    is_open = django_filters.BooleanFilter(
        field_name="outcome", lookup_expr="isnull", label=_("Waits for its outcome")
    )

    class Meta:
        model = ValuationDispute
        fields: list[str] = []


class OfYearFilter(django_filters.FilterSet):
    """Rows of commitment years, as they were recorded by a day."""

    organization = KeyFilter(
        field_name="commitment_year__agreement__organization", label=_("Organization")
    )
    agreement = KeyFilter(field_name="commitment_year__agreement", label=_("Agreement"))
    commitment_year = KeyFilter(label=_("Commitment year"))
    on = django_filters.DateFilter(
        method="as_known",
        label=_("As known on"),
        help_text=_("What was recorded by the end of a day."),
        validators=[not_ahead],
    )

    def as_known(self, queryset, _name, day):
        return queryset.known(on=day)


class EntryFilter(OfYearFilter):
    kind = django_filters.ChoiceFilter(choices=EntryKind, label=_("Kind"))
    credit = KeyFilter(label=_("Credit"))

    class Meta:
        model = CreditEntry
        fields: list[str] = []


class ShortfallWaiverFilter(OfYearFilter):
    class Meta:
        model = ShortfallWaiver
        fields: list[str] = []


class EvidenceFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    number = django_filters.CharFilter(method="numbered", label=_("Number"))

    class Meta:
        model = Evidence
        fields: list[str] = []

    def numbered(self, queryset, _name, number):
        return queryset.numbered(number)


class InvoiceFilter(django_filters.FilterSet):
    """Rows with their sums: by the state of drafts, and by what became of the rest."""

    search = django_filters.CharFilter(method="find", label=_("Search"))
    standing = django_filters.ChoiceFilter(
        choices=[
            *[(InvoiceState.DRAFT.value, InvoiceState.DRAFT.label)],
            *[(InvoiceState.APPROVED.value, InvoiceState.APPROVED.label)],
            *[(Standing.OPEN.value, Standing.OPEN.label)],
            *[(Standing.PART_PAID.value, Standing.PART_PAID.label)],
            ("overdue", _("Overdue")),
            *[(Standing.PAID.value, Standing.PAID.label)],
            *[(Standing.CREDITED.value, Standing.CREDITED.label)],
            *[(InvoiceState.VOIDED.value, InvoiceState.VOIDED.label)],
        ],
        method="standing_so",
        label=_("Standing"),
        empty_label=_("Any standing"),
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = Invoice
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        numbered = Q(number__icontains=text) | Q(external_number__icontains=text)
        return queryset.filter(numbered | Q(organization__in=members))

    @extend_schema_field(OpenApiTypes.STR)
    def standing_so(self, queryset, _name, standing):
        if standing == "overdue":
            late = is_overdue(timezone.localdate())
            return queryset.alias(is_late=late).filter(is_late=True)
        if standing in InvoiceState:
            return queryset.filter(state=standing)
        return queryset.filter(standing=standing)


class AsOfFilter(django_filters.FilterSet):
    """The day, how it is told and the currency are read by the queryset itself."""

    search = django_filters.CharFilter(method="find", label=_("Search"))
    on = IsoDayFilter(
        method="as_known",
        label=_("As of"),
        help_text=_("What was recorded by the end of a day."),
        validators=[not_ahead],
    )
    restated = django_filters.ChoiceFilter(
        choices=[(RESTATED, _("Restated"))],
        method="as_known",
        label=_("By what was known when"),
        empty_label=_("As known then"),
        help_text=_("1: what happened by the day, whenever it was recorded."),
    )

    def as_known(self, queryset, _name, _day):
        return queryset


class MemberAgingFilter(AsOfFilter):
    class Meta:
        model = Organization
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class AgingFilter(AsOfFilter):
    bucket = django_filters.ChoiceFilter(
        choices=[*Bucket.choices, ("overdue", _("Overdue"))],
        method="aged",
        label=_("Age"),
        empty_label=_("Any age"),
    )
    disputed = django_filters.ChoiceFilter(
        choices=[("1", _("In dispute"))],
        method="in_dispute",
        label=_("Dispute"),
        empty_label=_("Disputed or not"),
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = Invoice
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        told = Q(number__icontains=text) | Q(order_number__icontains=text)
        return queryset.filter(told | Q(organization__in=members))

    @extend_schema_field(OpenApiTypes.STR)
    def aged(self, queryset, _name, bucket):
        if bucket == "overdue":
            return queryset.exclude(bucket=Bucket.CURRENT)
        return queryset.filter(bucket=bucket)

    @extend_schema_field(OpenApiTypes.STR)
    def in_dispute(self, queryset, _name, _value):
        return queryset.filter(disputed__gt=0)


class InstalmentFilter(django_filters.FilterSet):
    organization = KeyFilter(
        field_name="commitment_year__agreement__organization", label=_("Organization")
    )
    agreement = KeyFilter(field_name="commitment_year__agreement", label=_("Agreement"))
    commitment_year = KeyFilter(label=_("Commitment year"))
    in_force = django_filters.BooleanFilter(
        field_name="cancellation",
        lookup_expr="isnull",
        label=_("In force"),
    )

    class Meta:
        model = Instalment
        fields: list[str] = []


class MonthField(forms.DateField):
    """A month as in 2026-07, read as its first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    default_error_messages = {"invalid": _("Write the month as in 2026-07.")}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if first := read_month(value):
            return first
        raise ValidationError(self.error_messages["invalid"], code="invalid")


def read_month(text: str) -> date | None:
    """Return the first day of a month as addresses write it, if there is one."""
    if ISO_MONTH.fullmatch(text):
        year, month = int(text[:4]), int(text[5:])
        is_month = MINYEAR <= year < MAXYEAR and 1 <= month <= 12
        return date(year, month, 1) if is_month else None
    return None


class MonthFilter(django_filters.DateFilter):
    """Rows of a month, by a column that holds a day."""

    field_class = MonthField

    def filter(self, queryset, month):
        if not month:
            return queryset
        until = month + relativedelta(months=1)
        days = {f"{self.field_name}__gte": month, f"{self.field_name}__lt": until}
        return queryset.filter(**days)


class LedgerEntryFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    account = django_filters.ChoiceFilter(
        choices=LedgerAccount,
        method="touching",
        label=_("Account"),
        empty_label=_("Any account"),
    )
    kind = django_filters.ChoiceFilter(
        choices=PostingKind, label=_("Kind"), empty_label=_("Any kind")
    )
    month = MonthFilter(field_name="posted_on", label=_("Posted in"))
    organization = KeyFilter(method="of_member", label=_("Organization"))
    batch = KeyFilter(field_name="exported__batch", label=_("Export"))

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def touching(self, queryset, _name, account):
        return queryset.touching(account=account)

    @extend_schema_field(OpenApiTypes.INT)
    def of_member(self, queryset, _name, key):
        return queryset.touching(organization=key)


class RecognisedAmountFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    month = MonthFilter(field_name="month", label=_("Month"))
    organization = KeyFilter(label=_("Organization"))
    source = KeyFilter(label=_("Import"))

    class Meta:
        model = RecognisedAmount
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        return queryset.filter(organization__in=members)


class PayerProfileFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = PayerProfile
        fields: list[str] = []


class StandingFilter(django_filters.FilterSet):
    """Rows of members that are found by a text, and by what became of them."""

    search = django_filters.CharFilter(method="find", label=_("Search"))

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class PurchaseOrderFilter(StandingFilter):
    standing = django_filters.ChoiceFilter(
        choices=OrderStanding, label=_("Standing"), empty_label=_("Any standing")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = PurchaseOrder
        fields: list[str] = []


class RemittanceAdviceFilter(StandingFilter):
    standing = django_filters.ChoiceFilter(
        choices=AdviceStanding, label=_("Standing"), empty_label=_("Any standing")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = RemittanceAdvice
        fields: list[str] = []


class OfInvoiceFilter(django_filters.FilterSet):
    """Rows about invoices, by the invoice or by its member."""

    invoice = KeyFilter(label=_("Invoice"))
    organization = KeyFilter(
        field_name="invoice__organization", label=_("Organization")
    )


class InvoiceDeliveryFilter(OfInvoiceFilter):
    class Meta:
        model = InvoiceDelivery
        fields: list[str] = []


class CustomerAnswerFilter(OfInvoiceFilter):
    class Meta:
        model = CustomerAnswer
        fields: list[str] = []


class InvoiceDisputeFilter(StandingFilter, OfInvoiceFilter):
    standing = django_filters.ChoiceFilter(
        choices=DisputeStanding, label=_("Standing"), empty_label=_("Any standing")
    )

    class Meta:
        model = InvoiceDispute
        fields: list[str] = []


class PaymentPromiseFilter(StandingFilter, OfInvoiceFilter):
    standing = django_filters.ChoiceFilter(
        choices=PromiseStanding, label=_("Standing"), empty_label=_("Any standing")
    )

    class Meta:
        model = PaymentPromise
        fields: list[str] = []


def dues_rungs() -> list[tuple[str, str]]:
    """Return the rungs of the ladder of dues, as choices."""
    rule = rule_named(DUES_RULE)
    return [(rung.key, str(rung)) for rung in (rule.rungs if rule else [])]


class DunningFilter(django_filters.FilterSet):
    """Rungs of the ladder of dues: whose, which, how, when, and what became of them."""

    search = django_filters.CharFilter(method="find", label=_("Search"))
    became = django_filters.ChoiceFilter(
        choices=Became, label=_("What became of it"), empty_label=_("All of it")
    )
    rung = django_filters.ChoiceFilter(
        choices=dues_rungs, label=_("Rung"), empty_label=_("All rungs")
    )
    channel = django_filters.ChoiceFilter(
        choices=[("mail", _("Mail")), ("task", _("Task"))],
        method="by_channel",
        label=_("By"),
        empty_label=_("Mail or task"),
    )
    since = django_filters.DateFilter("planned_on", "gte", label=_("From"))
    until = django_filters.DateFilter("planned_on", "lte", label=_("Until"))
    organization = KeyFilter(field_name="organization_key", label=_("Organization"))
    invoice = KeyFilter(field_name="invoice_id", label=_("Invoice"))
    person = KeyFilter(label=_("Person"))

    class Meta:
        model = ReminderDelivery
        fields: list[str] = []

    def find(self, queryset, _name, text):
        lines = InvoiceLine.objects.filter(of_members_matching(text)).values("pk")
        return queryset.filter(
            Q(subject_id__in=lines)
            | Q(address__icontains=text)
            | Q(person__name__icontains=text)
            | Q(copied_to__icontains=text)
            | Q(note__icontains=text)
        )

    def by_channel(self, queryset, _name, channel):
        rule = rule_named(DUES_RULE)
        tasks = rule.task_rungs if rule else []
        if channel == "task":
            return queryset.filter(rung__in=tasks)
        return queryset.exclude(rung__in=tasks)


class DuesExceptionFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    kind = django_filters.ChoiceFilter(
        choices=DuesExceptionKind, label=_("Kind"), empty_label=_("Any kind")
    )
    organization = KeyFilter(label=_("Organization"))
    invoice = KeyFilter(label=_("Invoice"))

    class Meta:
        model = DuesException
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class DuesStepFilter(StandingFilter, OfInvoiceFilter):
    kind = django_filters.ChoiceFilter(
        choices=StepKind, label=_("What"), empty_label=_("All of it")
    )
    since = django_filters.DateFilter("on", "gte", label=_("From"))
    until = django_filters.DateFilter("on", "lte", label=_("Until"))

    class Meta:
        model = DuesStep
        fields: list[str] = []


class SponsorNoteFilter(StandingFilter, OfInvoiceFilter):
    state = django_filters.ChoiceFilter(
        choices=NoteState, label=_("State"), empty_label=_("Any state")
    )

    class Meta:
        model = SponsorNote
        fields: list[str] = []


class ToDoFilter(django_filters.FilterSet):
    """What is to be invoiced by now, or as far ahead as one looks."""

    search = django_filters.CharFilter(method="find", label=_("Search"))
    ahead = django_filters.ChoiceFilter(
        choices=[
            ("30", _("In the next 30 days")),
            ("90", _("In the next 90 days")),
            ("365", _("In the next 12 months")),
            ("all", _("At any time")),
        ],
        method="look_ahead",
        label=_("To be issued"),
        empty_label=_("To be issued by now"),
    )
    organization = KeyFilter(
        field_name="commitment_year__agreement__organization", label=_("Organization")
    )

    class Meta:
        model = Instalment
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        return queryset.filter(commitment_year__agreement__organization__in=members)

    @extend_schema_field(OpenApiTypes.STR)
    def look_ahead(self, queryset, _name, _ahead):
        return queryset  # bounds the rows without a choice as well

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        ahead = self.form.cleaned_data["ahead"]
        if ahead == "all":
            return rows
        until = timezone.localdate() + timedelta(days=int(ahead or 0))
        return rows.to_issue(by=until, due_by=due_by(until))


class WaitingFilter(django_filters.FilterSet):
    """Invoices that wait for the next step, all of one state."""

    search = django_filters.CharFilter(method="find", label=_("Search"))
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = Invoice
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        return queryset.filter(organization__in=members)


class CreditNoteFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        choices=CreditNoteState, label=_("State"), empty_label=_("Any state")
    )
    organization = KeyFilter(
        field_name="invoice__organization", label=_("Organization")
    )
    invoice = KeyFilter(label=_("Invoice"))

    class Meta:
        model = CreditNote
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        named = Q(number__icontains=text) | Q(invoice__number__icontains=text)
        return queryset.filter(named | Q(invoice__organization__in=members))


class ReceiptFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    which = django_filters.ChoiceFilter(
        choices=[
            ("unidentified", _("Nobody's yet")),
            ("unapplied", _("Not applied")),
            *ReceiptStanding.choices,
        ],
        method="come_to",
        label=_("State"),
        empty_label=_("Any state"),
    )
    organization = KeyFilter(method="of_member", label=_("Organization"))

    class Meta:
        model = Receipt
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.INT)
    def of_member(self, queryset, _name, key):
        return queryset.of_member(key)

    @extend_schema_field(OpenApiTypes.STR)
    def come_to(self, queryset, _name, which):
        if which in ("unidentified", "unapplied"):
            return queryset.filter(**{f"{which}__gt": 0})
        if which == ReceiptStanding.REVERSED:
            return queryset.filter(state=ActState.RECORDED, standing=0)
        standing = queryset.filter(state=which)
        recorded = which == ReceiptStanding.RECORDED
        return standing.filter(standing__gt=0) if recorded else standing


class CallBackFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        choices=CallBackStanding, label=_("Standing"), empty_label=_("Any standing")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = CallBack
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class ReminderPolicyFilter(django_filters.FilterSet):
    scope = django_filters.ChoiceFilter(
        method="of_scope",
        label=_("Of"),
        empty_label=_("All, and of some"),
        choices=[("all", _("All members")), ("some", _("A member or an invoice"))],
    )
    standing = django_filters.ChoiceFilter(
        choices=LadderStanding, label=_("Standing"), empty_label=_("Any standing")
    )
    organization = KeyFilter(label=_("Organization"))
    invoice = KeyFilter(label=_("Invoice"))

    class Meta:
        model = ReminderPolicy
        fields: list[str] = []

    def of_scope(self, queryset, _name, scope):
        return queryset.default() if scope == "all" else queryset.of_some()


class AllocationFilter(django_filters.FilterSet):
    organization = KeyFilter(field_name="share__organization", label=_("Organization"))
    receipt = KeyFilter(field_name="share__receipt", label=_("Receipt"))
    invoice = KeyFilter(field_name="line__invoice", label=_("Invoice"))

    class Meta:
        model = Allocation
        fields: list[str] = []


class WaitingMoneyFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        method="find",
        label=_("Payer, reference or amount"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = django_filters.ChoiceFilter(
        choices=WaitsFor, label=_("Waits for"), empty_label=_("Anything")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = WaitingMoney
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class ReceiptShareFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    receipt = KeyFilter(label=_("Receipt"))

    class Meta:
        model = ReceiptShare
        fields: list[str] = []


class WriteOffFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ActState, label=_("State"))
    organization = KeyFilter(
        field_name="line__invoice__organization", label=_("Organization")
    )
    invoice = KeyFilter(field_name="line__invoice", label=_("Invoice"))

    class Meta:
        model = WriteOff
        fields: list[str] = []


class RefundFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ActState, label=_("State"))
    organization = KeyFilter(field_name="share__organization", label=_("Organization"))
    receipt = KeyFilter(field_name="share__receipt", label=_("Receipt"))

    class Meta:
        model = Refund
        fields: list[str] = []
