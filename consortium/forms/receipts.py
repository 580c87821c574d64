"""What people type about money that arrived."""

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, FileForm, RecordForm
from inm_portal.kernel.money import CENT

from ..documents import REMITTANCE, REMITTANCE_ADVICE
from ..models import Organization, Receipt
from .evidence import ForeignAmountField


class ReceiptForm(RecordForm):
    amount = Receipt._meta.get_field("amount").formfield(min_value=CENT)
    organization = forms.ModelChoiceField(
        label=_("Member"),
        queryset=Organization.objects.order_by("name"),
        required=False,
        empty_label=_("Nobody knows yet, or several"),
        help_text=_("All of it becomes this member's."),
    )
    foreign_amount = Receipt._meta.get_field("foreign_amount").formfield(
        form_class=ForeignAmountField, min_value=CENT
    )
    replaces = forms.ModelChoiceField(
        queryset=Receipt.objects.all(), required=False, widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=_("Why it is not the same"),
        required=False,
        max_length=500,
        help_text=_("Somebody else then looks at both, and records it or not."),
    )

    class Meta:
        model = Receipt
        fields = [
            *["received_on", "amount", "currency", "foreign_amount"],
            *["foreign_currency", "method", "payer_name", "organization"],
            *["bank_account", "bank_reference", "external_id", "note"],
        ]
        widgets = {"received_on": DATE}

    def has_more(self) -> bool:
        """Say whether something stands among what is seldom needed."""
        names = ["foreign_amount", "foreign_currency", "external_id"]
        return any(self[name].value() or self[name].errors for name in names)


class RemittanceForm(FileForm):
    kind = REMITTANCE


class AdviceFileForm(FileForm):
    kind = REMITTANCE_ADVICE
