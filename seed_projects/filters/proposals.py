"""What one's own proposals can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import Proposal
from ..states import ProposalState


class ProposalFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        field_name="told_state",
        choices=ProposalState.choices,
        label=_("State"),
        empty_label=_("Every state"),
    )

    class Meta:
        model = Proposal
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class OfProposalFilter(django_filters.FilterSet):
    """What belongs to one proposal."""

    proposal = KeyFilter(label=_("Proposal"))


class AsideTextFilter(django_filters.FilterSet):
    proposal = KeyFilter(field_name="answer__proposal", label=_("Proposal"))
