"""What people type about the renewal of a term."""

from django import forms
from django.utils.translation import gettext as _


class RenewalEstimateForm(forms.Form):
    probability = forms.IntegerField(
        label=_("Probability in percent"), min_value=0, max_value=100
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("What it rests on, as in talks with the sponsor."),
    )
