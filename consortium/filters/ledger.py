"""What lists of the ledger and of recognized amounts can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    LedgerAccount,
    LedgerEntry,
    Organization,
    PostingKind,
    RecognisedAmount,
)
from .days import MonthFilter


class LedgerEntryFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    account = django_filters.ChoiceFilter(
        choices=LedgerAccount,
        method="touching",
        label=_("Account"),
        empty_label=_("Any account"),
    )
    kind = django_filters.ChoiceFilter(
        choices=PostingKind, label=_("Kind"), empty_label=_("Any kind")
    )
    month = MonthFilter(field_name="posted_on", label=_("Posted in"))
    organization = KeyFilter(method="of_member", label=_("Organization"))
    batch = KeyFilter(field_name="exported__batch", label=_("Export"))

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def find(self, queryset, _name, text):
        return queryset.matching(text)

    @extend_schema_field(OpenApiTypes.STR)
    def touching(self, queryset, _name, account):
        return queryset.touching(account=account)

    @extend_schema_field(OpenApiTypes.INT)
    def of_member(self, queryset, _name, key):
        return queryset.touching(organization=key)


class RecognisedAmountFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Search"))
    month = MonthFilter(field_name="month", label=_("Month"))
    organization = KeyFilter(label=_("Organization"))
    source = KeyFilter(label=_("Import"))

    class Meta:
        model = RecognisedAmount
        fields: list[str] = []

    def find(self, queryset, _name, text):
        members = Organization.objects.matching(text).values("pk")
        return queryset.filter(organization__in=members)
