"""What lists of companies that may join can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import Inquiry, Offer, Prospect
from ..states import Stage
from .organizations import owners


class ProspectFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    stage = django_filters.ChoiceFilter(
        choices=[("open", _("Open")), *Stage.choices],
        method="by_stage",
        label=_("Stage"),
        empty_label=_("Any stage"),
    )
    offer = django_filters.ChoiceFilter(
        choices=Offer.choices, label=_("Offer"), empty_label=_("Any offer")
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=owners, label=_("Owner"), empty_label=_("Any owner")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = Prospect
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def by_stage(self, queryset, _name, stage):
        stages = Stage.open_ones() if stage == "open" else [stage]
        return queryset.filter(stage__in=stages)


class InquiryFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    standing = django_filters.ChoiceFilter(
        choices=[
            ("new", _("New")),
            ("taken", _("Taken up")),
            ("aside", _("Set aside")),
        ],
        method="by_standing",
        label=_("Standing"),
        empty_label=_("Any standing"),
    )

    class Meta:
        model = Inquiry
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    def by_standing(self, queryset, _name, standing):
        if standing == "new":
            return queryset.waiting()
        if standing == "taken":
            return queryset.filter(prospect__isnull=False)
        return queryset.filter(set_aside_at__isnull=False)
