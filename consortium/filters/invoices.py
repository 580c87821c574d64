"""What lists of instalments, invoices and their ages can be narrowed by."""

from datetime import timedelta

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    CreditNote,
    Instalment,
    Invoice,
    Organization,
)
from ..models.instalments import due_by
from ..models.receivables import is_overdue
from ..models.statements import owing
from ..states import (
    Bucket,
    CreditNoteState,
    InvoiceState,
    Standing,
    Stated,
)
from .days import RESTATED, IsoDayFilter, PeriodForm, not_ahead


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


class StatedFilter(django_filters.FilterSet):
    """The period and the currency are read by the queryset itself."""

    since = IsoDayFilter(method="as_asked", label=_("From"))
    until = IsoDayFilter(method="as_asked", label=_("To"), validators=[not_ahead])
    on = IsoDayFilter(method="as_asked", label=_("As known on"), validators=[not_ahead])
    whom = django_filters.ChoiceFilter(
        choices=[(Stated.OWING, Stated.OWING.label)],
        method="of_whom",
        label=_("Members"),
        empty_label=Stated.MOVED.label,
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def as_asked(self, queryset, _name, _day):
        return queryset

    def of_whom(self, queryset, _name, _whom):
        return queryset.filter(owing())

    @property
    def form(self):
        """Say what is wrong of the period as a whole beside its days."""
        form = super().form
        if form.is_bound and form.is_valid():
            period = PeriodForm(self.data)
            for name, errors in period.errors.items():
                form.add_error(name, errors)
        return form


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
