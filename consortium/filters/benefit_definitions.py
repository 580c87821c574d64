"""What the list of what every member gets can be narrowed by."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import Benefit, BenefitRate


class BenefitRateFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    when = django_filters.ChoiceFilter(
        choices=[("now", _("Today and to come"))],
        method="at",
        label=_("When"),
        empty_label=_("At any time"),
    )
    benefit = KeyFilter(label=_("Benefit"))

    class Meta:
        model = BenefitRate
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def at(self, queryset, _name, _when):
        return queryset.standing(on=timezone.localdate())


class BenefitFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=_("Search")
    )

    class Meta:
        model = Benefit
        fields: list[str] = []
