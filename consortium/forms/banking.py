"""What people type about files of the bank."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import EditForm, RecordForm

from ..models import BankAccount

FIELDS = [
    *["name", "format", "currency", "method", "delimiter", "day_format"],
    *["decimal_mark", "day_column", "amount_column", "credit_column"],
    *["debit_column", "payer_column", "reference_column", "note_column"],
    "currency_column",
]


class BankAccountForm(RecordForm):
    class Meta:
        model = BankAccount
        fields = FIELDS


class BankAccountChange(EditForm):
    class Meta:
        model = BankAccount
        fields = FIELDS


class BankFileForm(forms.Form):
    account = forms.ModelChoiceField(
        label=_("Bank account"), queryset=BankAccount.objects.order_by("name")
    )
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xml,.bai,.bai2"}),
        help_text=_("Up to 25 MB and 10,000 lines. It is shown first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account: Any = self.fields["account"]
        if (only := list(account.queryset[:2])) and len(only) == 1:
            self.initial.setdefault("account", only[0].pk)
