"""What the list of talks with the faculty can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import OneToOneRequest
from ..states import OneToOneState
from .days import IsoDayFilter


class OneToOneFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        choices=OneToOneState.choices, label=_("State"), empty_label=_("Every state")
    )
    since = IsoDayFilter("meets_on", lookup_expr="gte", label=_("Since"))
    until = IsoDayFilter("meets_on", lookup_expr="lte", label=_("Until"))
    organization = KeyFilter(label=_("Organization"))
    faculty = KeyFilter(label=_("Faculty"))

    class Meta:
        model = OneToOneRequest
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)
