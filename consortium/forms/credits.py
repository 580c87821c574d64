"""What people say of a claim: what is missing, an opinion, a decision."""

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.money import CENT, AmountField


class AskForm(forms.Form):
    asked_for = forms.CharField(
        label=_("What is missing"),
        max_length=500,
        help_text=_("Stands in the mail to whoever claimed."),
    )


class OpinionForm(forms.Form):
    text = forms.CharField(label=_("Opinion"), max_length=500)


class DecisionForm(forms.Form):
    accepted = AmountField(
        label=_("Accepted"), min_value=0, help_text=_("0 rejects the claim.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_(
            "Needed if less is accepted than was claimed, or if no file shows it. It "
            "stands in the mail to the company."
        ),
    )


class ReductionForm(forms.Form):
    amount = AmountField(label=_("Reduce by"), min_value=CENT)
    reason = forms.CharField(label=_("Reason"), max_length=500)
