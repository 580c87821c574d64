"""What the library, and the list of what was opened, can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    Audience,
    LibraryComment,
    LibraryItem,
    LibraryKind,
    LibraryOpening,
    LibraryVersion,
)
from ..states import LibraryState
from .days import IsoDayFilter


class LibraryFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    kind = django_filters.ChoiceFilter(
        choices=LibraryKind.choices, label=_("Kind"), empty_label=_("Every kind")
    )
    audience = django_filters.ChoiceFilter(
        choices=Audience.choices, label=_("Audience"), empty_label=_("Every audience")
    )
    state = django_filters.ChoiceFilter(
        choices=LibraryState.choices, label=_("State"), empty_label=_("Every state")
    )

    class Meta:
        model = LibraryItem
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class LibraryOpeningFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    since = IsoDayFilter("opened_at__date", lookup_expr="gte", label=_("Since"))
    until = IsoDayFilter("opened_at__date", lookup_expr="lte", label=_("Until"))
    item = KeyFilter("version__item", label=_("Item"))
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = LibraryOpening
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class LibraryVersionFilter(django_filters.FilterSet):
    item = KeyFilter(label=_("Item"))

    class Meta:
        model = LibraryVersion
        fields: list[str] = []


class LibraryCommentFilter(django_filters.FilterSet):
    item = KeyFilter(label=_("Item"))

    class Meta:
        model = LibraryComment
        fields: list[str] = []
