"""What a visitor types from a paper."""

from django import forms
from django.utils.translation import gettext as _


class CheckCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Check code"),
        max_length=40,
        help_text=_("Twelve letters and digits, at the end of the paper."),
    )
