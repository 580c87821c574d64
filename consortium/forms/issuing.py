"""What people type to draft an invoice, send it back, void it or credit it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, DayField, EditForm, RecordForm
from inm_portal.kernel.money import CENT, AmountField, written

from ..models import (
    Instalment,
    Invoice,
    Organization,
    PurchaseOrder,
    ReceiptShare,
)
from ..services import Taken

#: As many instalments as stand on a page of the work list.
MOST = 50

FOUND = _("Found where the member needs one")
FOLLOWS = _("Empty, it follows from the instalment and the terms of payment.")


def orders_of(organization: Organization | None) -> Any:
    return PurchaseOrder.objects.filter(organization=organization)


class DraftForm(RecordForm):
    """Instalments to invoice; the rest is asked of one member alone."""

    instalment = forms.ModelMultipleChoiceField(
        queryset=Instalment.objects.none(),
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": _("Choose what is to be invoiced."),
            "invalid_choice": _("One of these is invoiced already, or was cancelled."),
        },
    )

    class Meta:
        model = Invoice
        fields = ["order", "due_on", "note"]
        widgets = {"due_on": DATE}

    def __init__(
        self, *args: Any, rows: Any, organization: Organization | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["instalment"].queryset = rows
        if organization is None:
            for name in self._meta.fields or []:
                del fields[name]
            return
        fields["order"].queryset = orders_of(organization)
        fields["order"].empty_label = FOUND
        fields["due_on"].help_text = FOLLOWS

    def clean_instalment(self) -> Any:
        rows = self.cleaned_data["instalment"]
        if len(rows) > MOST:
            raise forms.ValidationError(_("Draft at most 50 at once."))
        return rows


class ChangeInvoiceForm(EditForm):
    class Meta(DraftForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["order"].queryset = orders_of(self.instance.organization)
        fields["order"].empty_label = FOUND
        fields["due_on"].help_text = FOLLOWS


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("What is to be changed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands on its page, and in the mail to whoever drafted it."),
    )


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The member reads it, if the invoice was issued."),
    )


class ReplaceForm(forms.Form):
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=500,
        help_text=_("Stands on the credit note that the member gets."),
    )
    order = forms.ModelChoiceField(
        label=_("Purchase order"),
        queryset=PurchaseOrder.objects.none(),
        required=False,
        empty_label=FOUND,
    )
    due_on = DayField(
        label=_("Due"),
        required=False,
        help_text=_("Empty, it is due as the old one was."),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order: Any = self.fields["order"]
        order.queryset = orders_of(organization)


class OfferedForm(forms.Form):
    """The receipt on account that the page of an invoice offered, and how much."""

    share = forms.ModelChoiceField(queryset=ReceiptShare.objects.all())
    amount = AmountField(min_value=CENT)


class CreditNoteForm(forms.Form):
    """What is taken back of each line of an invoice; at first, all that is left."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Stands on the credit note that the member gets."),
    )

    def __init__(
        self, *args: Any, left: list[Taken], currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        for number, one in enumerate(left):
            self.fields[f"amount_{number}"] = AmountField(
                label=_("Take back of %(line)s") % {"line": one.line.description},
                help_text=_("%(left)s is open. Empty, it stays owed.")
                % {"left": written(one.amount, currency)},
                required=False,
                min_value=0,
                initial=one.amount,
            )
        self.order_fields([name for name in self.fields if name != "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amounts = [data.pop(f"amount_{at}", None) for at in range(len(self.left))]
        taken = [
            Taken(one.line, amount)
            for one, amount in zip(self.left, amounts, strict=True)
            if amount
        ]
        return data | {"taken": taken}
