"""What one's own proposals can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from ..models import Proposal
from ..states import ProposalState


class ProposalFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        choices=ProposalState.choices, label=_("State"), empty_label=_("Every state")
    )

    class Meta:
        model = Proposal
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)
