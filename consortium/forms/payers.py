"""What people type about who pays: the profile, purchase orders, payments made."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, DayField, EditForm, RecordForm, VersionForm
from inm_portal.kernel.money import CENT, written
from inm_portal.kernel.templatetags.portal import on as written_day

from ..documents import PURCHASE_ORDER, REMITTANCE_ADVICE
from ..models import (
    Channel,
    Invoice,
    Organization,
    PayerProfile,
    PurchaseOrder,
    RemittanceAdvice,
)
from ..services.remittances import MOST_COVERED

#: What a member itself says; the terms and the rest are finance's to keep.
OF_MEMBER = [
    *["bill_to_entity", "bill_to_address", "attention", "channel"],
    *["supplier_portal", "needs_order", "budget_year_starts_in"],
]
CHECKS = [*["entity_confirmed_on", "vendor_form_on", "tax_form_on", "portal_set_up_on"]]


ADDRESS = forms.Textarea(attrs={"rows": 4})


class InvoicesField(forms.ModelMultipleChoiceField):
    """Invoices, each with what is open of it."""

    def label_from_instance(self, invoice: Any) -> str:
        facts = {
            "number": invoice.number,
            "open": written(invoice.open_amount, invoice.currency),
            "day": written_day(invoice.due_on),
        }
        return _("%(number)s, %(open)s open, due %(day)s") % facts


class PayerFields(forms.ModelForm):
    """Where invoices of a member go, and what its payables ask for."""

    budget_year_starts_in = forms.TypedChoiceField(
        label=_("Budget year starts in"),
        choices=[("", _("Does not matter")), *MONTHS.items()],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Invoices then come in the budget year in which they are due."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        by_portal = data.get("channel") == Channel.PORTAL
        if by_portal and not data.get("supplier_portal"):
            self.add_error("supplier_portal", _("Say which supplier portal."))
        elif not by_portal:
            data["supplier_portal"] = ""
        return data


class NewPayerForm(PayerFields, RecordForm):
    class Meta:
        model = PayerProfile
        fields = OF_MEMBER
        widgets = {"bill_to_address": ADDRESS}


class NewPayerByFinanceForm(PayerFields, RecordForm):
    class Meta:
        model = PayerProfile
        fields = [*OF_MEMBER, "terms_days", *CHECKS]
        widgets = dict.fromkeys(CHECKS, DATE) | {"bill_to_address": ADDRESS}


class PayerForm(PayerFields, EditForm):
    class Meta(NewPayerForm.Meta):
        pass


class PayerByFinanceForm(PayerFields, EditForm):
    class Meta(NewPayerByFinanceForm.Meta):
        pass


def paper_field(accept: str, help_text: str) -> forms.FileField:
    return forms.FileField(
        label=_("Document"),
        required=False,
        widget=forms.FileInput(attrs={"accept": accept}),
        help_text=help_text,
    )


class OrderForm(RecordForm):
    amount = PurchaseOrder._meta.get_field("amount").formfield(min_value=CENT)
    replaces = forms.ModelChoiceField(
        label=_("In place of"),
        queryset=PurchaseOrder.objects.none(),
        required=False,
        empty_label=_("No other order"),
        help_text=_("That order then ends, and no invoice quotes it any more."),
    )
    file = paper_field(PURCHASE_ORDER.accept, PURCHASE_ORDER.help_text)

    class Meta:
        model = PurchaseOrder
        fields = ["number", "amount", "ends_on"]
        widgets = {"ends_on": DATE}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = organization.purchase_orders.filter(replacement=None)
        self.fields["replaces"].queryset = orders  # type: ignore[attr-defined]


class OrderChangeForm(EditForm):
    amount = PurchaseOrder._meta.get_field("amount").formfield(min_value=CENT)
    file = paper_field(PURCHASE_ORDER.accept, PURCHASE_ORDER.help_text)

    class Meta:
        model = PurchaseOrder
        fields = ["amount", "ends_on"]
        widgets = {"ends_on": DATE}


class OrderEndForm(VersionForm):
    last_on = DayField(
        label=_("Last day"),
        initial=timezone.localdate,
        help_text=_("From the day after it, no invoice quotes this order."),
    )


class AdviceForm(RecordForm):
    field_order = ["paid_on", "amount", "method", "reference", "invoices", "file"]

    amount = RemittanceAdvice._meta.get_field("amount").formfield(min_value=CENT)
    invoices = InvoicesField(
        label=_("For which invoices"),
        queryset=Invoice.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    file = paper_field(REMITTANCE_ADVICE.accept, REMITTANCE_ADVICE.help_text)

    class Meta:
        model = RemittanceAdvice
        fields = ["paid_on", "amount", "method", "reference"]
        widgets = {"paid_on": DATE}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Those of which something is open; as many as one payment can be for.
        rows: Any = organization.invoices.with_open()
        rows = rows.order_by("due_on", "pk")
        is_open = organization.invoices.owing().order_by("due_on", "pk")
        found = [*is_open.values_list("pk", flat=True)[:MOST_COVERED]]
        field: Any = self.fields["invoices"]
        field.queryset = rows.filter(pk__in=found)
        if not found:
            del self.fields["invoices"]
