"""What the list of rates can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from ..models import CostRate, RateKind


class RateFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(
        choices=RateKind.choices, label=_("Rate"), empty_label=_("Every rate")
    )

    class Meta:
        model = CostRate
        fields: list[str] = []
