"""What lists of benefits and their uses can be narrowed by."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    BenefitUse,
    Entitlement,
)


class EntitlementFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    when = django_filters.ChoiceFilter(
        choices=[("now", _("Years of today"))],
        method="at",
        label=_("Years"),
        empty_label=_("All years"),
    )
    organization = KeyFilter(label=_("Organization"))
    commitment_year = KeyFilter(label=_("Commitment year"))

    class Meta:
        model = Entitlement
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def at(self, queryset, _name, _when):
        return queryset.current(on=timezone.localdate())


class BenefitUseFilter(django_filters.FilterSet):
    benefit = KeyFilter(label=_("Benefit"))
    commitment_year = KeyFilter(label=_("Commitment year"))

    class Meta:
        model = BenefitUse
        fields: list[str] = []
