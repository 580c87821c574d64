"""What lists of what was spoken with members can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import FacultyMember, Interaction, InteractionKind, Participant
from .days import IsoDayFilter


class InteractionFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    kind = django_filters.ChoiceFilter(
        choices=InteractionKind.choices, label=_("Kind"), empty_label=_("Every kind")
    )
    since = IsoDayFilter("held_on", lookup_expr="gte", label=_("Since"))
    until = IsoDayFilter("held_on", lookup_expr="lte", label=_("Until"))
    shared = django_filters.ChoiceFilter(
        "is_shared",
        choices=[("True", _("Shared with the member")), ("False", _("INM alone"))],
        label=_("Read by"),
        empty_label=_("Anybody"),
    )
    organization = KeyFilter(label=_("Organization"))
    faculty = KeyFilter(method="of_faculty", label=_("Faculty"))

    class Meta:
        model = Interaction
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.INT)
    def of_faculty(self, queryset, _name, key):
        named = Participant.objects.filter(faculty=key)
        return queryset.filter(pk__in=named.values("interaction"))


class FacultyFilter(django_filters.FilterSet):
    """Narrows who is listed, and the days of which their activity counts."""

    search = django_filters.CharFilter(method="find", label=_("Search"))
    since = IsoDayFilter(method="counted", label=_("Activity since"))
    until = IsoDayFilter(method="counted", label=_("Activity until"))

    class Meta:
        model = FacultyMember
        fields: list[str] = []

    def filter_queryset(self, queryset):
        told = self.form.cleaned_data
        days = {"since": told["since"], "until": told["until"]}
        return super().filter_queryset(queryset.with_activity(**days))

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def counted(self, queryset, _name, _day):
        return queryset
