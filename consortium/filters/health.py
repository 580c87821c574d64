"""What the lists of relationships and notes of health can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import Health, HealthNote, Organization
from ..states import MembershipStatus, Sign
from .organizations import owners


class RelationshipFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    sign = django_filters.ChoiceFilter(
        choices=Sign, method="by_sign", label=_("Sign"), empty_label=_("Any sign")
    )
    health = django_filters.ChoiceFilter(
        choices=Health.choices, label=_("Health"), empty_label=_("Any health")
    )
    status = django_filters.ChoiceFilter(
        choices=MembershipStatus, label=_("Status"), empty_label=_("Any status")
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=owners, label=_("Owner"), empty_label=_("Any owner")
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field({"type": "string", "enum": Sign.values})
    def by_sign(self, queryset, _name, sign):
        return queryset.filter(**{f"is_{sign}": True})


class HealthNoteFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    health = django_filters.ChoiceFilter(choices=Health.choices, label=_("Health"))

    class Meta:
        model = HealthNote
        fields: list[str] = []
