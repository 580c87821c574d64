"""What lists of what was granted to applicants can be narrowed by."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from ..models import EligibilityException, Extension
from .screening import published_calls


class ExtensionFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Person or reason"))
    call = django_filters.ChoiceFilter(
        "stage__call",
        choices=published_calls,
        label=_("Call"),
        empty_label=_("Every call"),
    )
    whom = django_filters.ChoiceFilter(
        method="for_whom",
        choices=[("all", _("For everybody")), ("one", _("For one person"))],
        label=_("For"),
        empty_label=_("For anybody"),
    )

    class Meta:
        model = Extension
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.filter(of_person_or_reason(text))

    def for_whom(self, queryset, _name, whom):
        return queryset.filter(person__isnull=whom == "all")


class ExceptionFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Person or reason"))
    call = django_filters.ChoiceFilter(
        "rule__call",
        choices=published_calls,
        label=_("Call"),
        empty_label=_("Every call"),
    )

    class Meta:
        model = EligibilityException
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.filter(of_person_or_reason(text))


def of_person_or_reason(text: str) -> Q:
    named = Q(person__name__icontains=text) | Q(person__email__icontains=text)
    return named | Q(reason__icontains=text)
