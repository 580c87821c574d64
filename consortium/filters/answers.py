"""What lists of what is said of invoices, and sent along, can be narrowed by."""

import django_filters
from django.utils.translation import gettext as _

from inm_portal.kernel.filters import KeyFilter

from ..models import (
    CustomerAnswer,
    InvoiceDelivery,
    InvoiceDispute,
    PayerProfile,
    PaymentPromise,
    PurchaseOrder,
    RemittanceAdvice,
)
from ..states import (
    AdviceStanding,
    DisputeStanding,
    OrderStanding,
    PromiseStanding,
)


class PayerProfileFilter(django_filters.FilterSet):
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = PayerProfile
        fields: list[str] = []


class StandingFilter(django_filters.FilterSet):
    """Rows of members that are found by a text, and by what became of them."""

    search = django_filters.CharFilter(method="find", label=_("Search"))

    def find(self, queryset, _name, text):
        return queryset.matching(text)


class PurchaseOrderFilter(StandingFilter):
    standing = django_filters.ChoiceFilter(
        choices=OrderStanding, label=_("Standing"), empty_label=_("Any standing")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = PurchaseOrder
        fields: list[str] = []


class RemittanceAdviceFilter(StandingFilter):
    standing = django_filters.ChoiceFilter(
        choices=AdviceStanding, label=_("Standing"), empty_label=_("Any standing")
    )
    organization = KeyFilter(label=_("Organization"))

    class Meta:
        model = RemittanceAdvice
        fields: list[str] = []


class OfInvoiceFilter(django_filters.FilterSet):
    """Rows about invoices, by the invoice or by its member."""

    invoice = KeyFilter(label=_("Invoice"))
    organization = KeyFilter(
        field_name="invoice__organization", label=_("Organization")
    )


class InvoiceDeliveryFilter(OfInvoiceFilter):
    class Meta:
        model = InvoiceDelivery
        fields: list[str] = []


class CustomerAnswerFilter(OfInvoiceFilter):
    class Meta:
        model = CustomerAnswer
        fields: list[str] = []


class InvoiceDisputeFilter(StandingFilter, OfInvoiceFilter):
    standing = django_filters.ChoiceFilter(
        choices=DisputeStanding, label=_("Standing"), empty_label=_("Any standing")
    )

    class Meta:
        model = InvoiceDispute
        fields: list[str] = []


class PaymentPromiseFilter(StandingFilter, OfInvoiceFilter):
    standing = django_filters.ChoiceFilter(
        choices=PromiseStanding, label=_("Standing"), empty_label=_("Any standing")
    )

    class Meta:
        model = PaymentPromise
        fields: list[str] = []
