"""What people type about an issued invoice: delivered, answered, disputed, promised."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.forms import DATE, DayField, FileForm, RecordForm
from inm_portal.kernel.money import CENT, AmountField

from ..documents import INVOICE
from ..models import (
    AnswerKind,
    Contact,
    CreditNote,
    CustomerAnswer,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    PaymentPromise,
)
from ..services import who_settles
from ..states import CreditNoteState


class DeliveryOfInvoiceForm(RecordForm):
    delivered_on = DayField(label=_("Delivered"), initial=timezone.localdate)

    class Meta:
        model = InvoiceDelivery
        fields = ["channel", "delivered_on", "reference"]


class NumberForm(forms.Form):
    external_number = forms.CharField(
        label=_("Number at MIT AR"),
        max_length=100,
        required=False,
        help_text=_("By which MIT's accounts receivable know it; empty for none."),
    )


class PaperForm(FileForm):
    kind = INVOICE


class AnswerForm(RecordForm):
    kind = forms.ChoiceField(
        label=_("Answer"), choices=AnswerKind.choices, widget=forms.RadioSelect
    )
    answered_on = DayField(label=_("Answered"), initial=timezone.localdate)

    class Meta:
        model = CustomerAnswer
        fields = ["kind", "answered_on", "reason"]
        help_texts = {"reason": _("Needed for a rejection.")}


class DisputeOfInvoiceForm(RecordForm):
    """All of it, or an amount of it."""

    amount = AmountField(
        label=_("Disputed amount"),
        min_value=CENT,
        required=False,
        help_text=_("Empty for all of it; the rest stays due."),
    )

    class Meta:
        model = InvoiceDispute
        fields = ["amount", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}


class DisputeByFinanceForm(DisputeOfInvoiceForm):
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Whoever takes it"),
    )
    settle_by = DayField(label=_("Settled by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = who_settles()  # type: ignore[attr-defined]


class SettlementForm(forms.Form):
    credit_note = forms.ModelChoiceField(
        label=_("Outcome"),
        queryset=CreditNote.objects.none(),
        required=False,
        empty_label=_("All of it is owed"),
        help_text=_("Or the issued credit note that takes it back."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member reads it."),
    )

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["credit_note"]
        field.queryset = invoice.credit_notes.filter(
            state=CreditNoteState.ISSUED, resolution=None
        )


class PromiseForm(RecordForm):
    amount = PaymentPromise._meta.get_field("amount").formfield(min_value=CENT)

    class Meta:
        model = PaymentPromise
        fields = ["pay_on", "amount"]
        widgets = {"pay_on": DATE}
        labels = {"pay_on": _("Promised for")}


class PromiseToFinanceForm(PromiseForm):
    contact = forms.ModelChoiceField(
        label=_("Promised by"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody in particular"),
    )

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(organization=invoice.organization_id)
        field: Any = self.fields["contact"]
        field.queryset = people.order_by("name", "pk")
