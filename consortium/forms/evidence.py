"""What people type about a document that shows a contribution."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, DayField, EditForm, FileForm
from inm_portal.kernel.money import CENT, AmountField

from ..documents import EVIDENCE
from ..models import Evidence
from ..services import Paper


class ForeignAmountField(AmountField):
    """An amount in whichever currency a document is in."""

    symbol = ""


def foreign_amount() -> forms.Field:
    field = Evidence._meta.get_field("foreign_amount")
    return field.formfield(form_class=ForeignAmountField, min_value=CENT)


class PaperFields(forms.ModelForm):
    """A document, its file, and whether earlier claims on it were seen."""

    amount = Evidence._meta.get_field("amount").formfield(min_value=CENT)
    foreign_amount = foreign_amount()
    foreign_currency = Evidence._meta.get_field("foreign_currency").formfield()
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": EVIDENCE.accept}),
        help_text=EVIDENCE.help_text,
    )
    contributed_on = DayField(
        label=_("Contributed on"), help_text=_("The day of payment or delivery.")
    )
    knows_earlier = forms.BooleanField(
        label=_("I have seen the earlier claims; this one is for something else."),
        required=False,
    )

    def paper(self, data: dict[str, Any]) -> Paper:
        return Paper(*(data.pop(name, None) for name in Paper._fields))


class EvidenceFileForm(FileForm):
    kind = EVIDENCE


class EvidenceForm(EditForm):
    amount = Evidence._meta.get_field("amount").formfield(min_value=CENT)
    foreign_amount = foreign_amount()

    class Meta:
        model = Evidence
        fields = ["amount", "foreign_amount", "foreign_currency", "dated_on"]
        widgets = {"dated_on": DATE}
