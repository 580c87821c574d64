"""What lists of money that came in, or went back, can be narrowed by."""

import django_filters
from django import forms
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    Allocation,
    CallBack,
    Receipt,
    ReceiptShare,
    Refund,
    WaitingMoney,
    WaitsFor,
    WriteOff,
)
from ..states import (
    ActState,
    CallBackStanding,
    ReceiptStanding,
)


class ReceiptFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    which = django_filters.ChoiceFilter(
        choices=[
            ("unidentified", _("Nobody's yet")),
            ("unapplied", _("Not applied")),
            *ReceiptStanding.choices,
        ],
        method="come_to",
        label=_("State"),
        empty_label=_("Any state"),
    )
    organization = KeyFilter(method="of_member", label=_("Organization"))

    class Meta:
        model = Receipt
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.INT)
    def of_member(self, queryset, _name, key):
        return queryset.of_member(key)

    @extend_schema_field(OpenApiTypes.STR)
    def come_to(self, queryset, _name, which):
        if which in ("unidentified", "unapplied"):
            return queryset.filter(**{f"{which}__gt": 0})
        if which == ReceiptStanding.REVERSED:
            return queryset.filter(state=ActState.RECORDED, standing=0)
        standing = queryset.filter(state=which)
        recorded = which == ReceiptStanding.RECORDED
        return standing.filter(standing__gt=0) if recorded else standing


class CallBackFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    state = django_filters.ChoiceFilter(
        choices=CallBackStanding, label=_("Standing"), empty_label=_("Any standing")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = CallBack
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class AllocationFilter(django_filters.FilterSet):
    organization = KeyFilter(field_name="share__organization", label=_("Organization"))
    receipt = KeyFilter(field_name="share__receipt", label=_("Receipt"))
    invoice = KeyFilter(field_name="line__invoice", label=_("Invoice"))

    class Meta:
        model = Allocation
        fields: list[str] = []


class WaitingMoneyFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        method="find",
        label=_("Payer, reference or amount"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = django_filters.ChoiceFilter(
        choices=WaitsFor, label=_("Waits for"), empty_label=_("Anything")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = WaitingMoney
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class ReceiptShareFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))
    receipt = KeyFilter(label=_("Receipt"))

    class Meta:
        model = ReceiptShare
        fields: list[str] = []


class WriteOffFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ActState, label=_("State"))
    organization = KeyFilter(
        field_name="line__invoice__organization", label=_("Organization")
    )
    invoice = KeyFilter(field_name="line__invoice", label=_("Invoice"))

    class Meta:
        model = WriteOff
        fields: list[str] = []


class RefundFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ActState, label=_("State"))
    organization = KeyFilter(field_name="share__organization", label=_("Organization"))
    receipt = KeyFilter(field_name="share__receipt", label=_("Receipt"))

    class Meta:
        model = Refund
        fields: list[str] = []
