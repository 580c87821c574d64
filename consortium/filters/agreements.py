"""What lists of agreements and their exceptions can be narrowed by."""

from datetime import timedelta

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    Agreement,
    AgreementException,
    Amendment,
    ExceptionKind,
    ExitInterview,
    ExitReason,
    Organization,
    RenewalAnswer,
    RenewalEstimate,
)
from ..states import AgreementState, AmendmentState, RenewalAnswerKind
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


#: How far ahead notice may be due, in days.
WITHIN = [
    ("0", _("Over")),
    ("60", _("Within 60 days")),
    ("180", _("Within 180 days")),
    ("365", _("Within a year")),
]


class RenewalFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    told = django_filters.ChoiceFilter(
        choices=[("yes", _("Estimated")), ("no", _("Not estimated"))],
        method="by_estimate",
        label=_("Estimate"),
        empty_label=_("Estimated or not"),
    )
    answer = django_filters.ChoiceFilter(
        choices=[("none", _("Nothing yet")), *RenewalAnswerKind.choices],
        method="by_answer",
        label=_("The member says"),
        empty_label=_("Whatever it says"),
    )
    within = django_filters.ChoiceFilter(
        choices=WITHIN,
        method="by_notice",
        label=_("Notice by"),
        empty_label=_("Any day"),
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def by_answer(self, queryset, _name, told):
        if told == "none":
            return queryset.filter(answer=None)
        return queryset.filter(answer=told)

    @extend_schema_field(OpenApiTypes.INT)
    def by_notice(self, queryset, _name, days):
        """Keep those whose day for notice is over, or comes within so many days."""
        until = timezone.localdate() + timedelta(days=int(days))
        return queryset.filter(notice_by__lte=until)

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


class RenewalAnswerFilter(RenewalEstimateFilter):
    """Rows about terms, by the term or by its member."""

    class Meta:
        model = RenewalAnswer
        fields: list[str] = []


class ExitFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    reason = django_filters.ChoiceFilter(
        choices=ExitReason.choices,
        method="by_reason",
        label=_("Why it leaves"),
        empty_label=_("Any reason"),
    )
    organization = KeyFilter(
        field_name="agreement__organization", label=_("Organization")
    )

    class Meta:
        model = ExitInterview
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        return queryset.filter(
            Q(words__icontains=text) | Q(agreement__organization__in=members)
        )

    def by_reason(self, queryset, _name, reason):
        return queryset.filter(reasons__contains=[reason])
