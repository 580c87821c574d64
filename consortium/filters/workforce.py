"""What programs, contributions, students and looks at them can be narrowed by."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    LooksFor,
    ProfileOpening,
    ProgramContribution,
    ProgramKind,
    ProgramPart,
    StudentProfile,
    WorkforceProgram,
)
from .days import IsoDayFilter


class ProgramFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    kind = django_filters.ChoiceFilter(
        choices=ProgramKind.choices, label=_("Kind"), empty_label=_("Every kind")
    )
    when = django_filters.ChoiceFilter(
        choices=[("now", _("Not over")), ("over", _("Over"))],
        method="at_time",
        label=_("When"),
        empty_label=_("At any time"),
    )

    class Meta:
        model = WorkforceProgram
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def at_time(self, queryset, _name, when):
        over = Q(ends_on__lt=timezone.localdate())
        is_going = Q(ends_on=None) | ~over
        return queryset.filter(over if when == "over" else is_going)


class ProgramPartFilter(django_filters.FilterSet):
    program = KeyFilter(label=_("Program"))
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = ProgramPart
        fields: list[str] = []


class ProgramContributionFilter(django_filters.FilterSet):
    program = KeyFilter("part__program", label=_("Program"))
    organization = KeyFilter("part__organization", label=_("Organization"))

    class Meta:
        model = ProgramContribution
        fields: list[str] = []


class StudentFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    looks_for = django_filters.ChoiceFilter(
        choices=LooksFor.choices,
        method="that_seek",
        label=_("Looks for"),
        empty_label=_("Anything"),
    )
    since = IsoDayFilter("graduates_on", lookup_expr="gte", label=_("Graduates from"))
    until = IsoDayFilter("graduates_on", lookup_expr="lte", label=_("Graduates until"))

    class Meta:
        model = StudentProfile
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def that_seek(self, queryset, _name, what):
        return queryset.filter(looks_for__in=[what, LooksFor.BOTH])


class ProfileOpeningFilter(django_filters.FilterSet):
    profile = KeyFilter(label=_("Profile"))
    organization = KeyFilter(label=_("Organization"))
    since = IsoDayFilter("opened_at__date", lookup_expr="gte", label=_("Since"))
    until = IsoDayFilter("opened_at__date", lookup_expr="lte", label=_("Until"))

    class Meta:
        model = ProfileOpening
        fields: list[str] = []
