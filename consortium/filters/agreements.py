"""What lists of agreements and their exceptions can be narrowed by."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    Agreement,
    AgreementException,
    Amendment,
    ExceptionKind,
    Organization,
    RenewalEstimate,
)
from ..states import (
    AgreementState,
    AmendmentState,
)
from .days import IsoDayFilter, not_ahead


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


class RenewalFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    told = django_filters.ChoiceFilter(
        choices=[("yes", _("Estimated")), ("no", _("Not estimated"))],
        method="by_estimate",
        label=_("Estimate"),
        empty_label=_("Estimated or not"),
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def by_estimate(self, queryset, _name, told):
        return queryset.filter(probability__isnull=told == "no")


class RenewalEstimateFilter(django_filters.FilterSet):
    agreement = KeyFilter(label=_("Agreement"))
    organization = KeyFilter(
        field_name="agreement__organization", label=_("Organization")
    )

    class Meta:
        model = RenewalEstimate
        fields: list[str] = []
