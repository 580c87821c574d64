"""What lists of commitment years, credits and their evidence can be narrowed by."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    Appraisal,
    Category,
    CommitmentYear,
    ContributionCredit,
    CreditEntry,
    EntryKind,
    Evidence,
    Organization,
    ShortfallWaiver,
    Valuation,
    ValuationDispute,
)
from ..states import (
    Outcome,
    YearStatus,
)
from .days import RESTATED, IsoDayFilter, not_ahead


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
