"""What people enter about their own account."""

from django import forms
from django.utils.translation import gettext as _

from .models import TokenScope

DAYS = [(7, _("A week")), (30, _("30 days")), (90, _("90 days")), (365, _("A year"))]


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("New e-mail address"), max_length=254)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What for"),
        max_length=100,
        help_text=_("Such as the program that will use it."),
    )
    scope = forms.ChoiceField(
        label=_("It may"), choices=TokenScope.choices, widget=forms.RadioSelect
    )
    days = forms.TypedChoiceField(label=_("It lives"), choices=DAYS, coerce=int)
