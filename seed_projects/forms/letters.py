"""What the office writes to those who answer a call."""

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import EditForm

from ..models import Audience, CallLetter
from ..services import FIELDS

TEXT = forms.Textarea(attrs={"rows": 10})


def fields_help() -> str:
    """Return what fields a letter can have, and what stands there."""
    told = "; ".join(f"{{{name}}}: {words}" for name, words in FIELDS.items())
    return _("Fields that are filled in for each: %(told)s.") % {"told": told}


class LetterForm(forms.Form):
    audience = forms.ChoiceField(label=_("To"), choices=Audience.choices)
    is_for_pis = forms.BooleanField(label=_("Only to PIs"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"), max_length=8000, widget=TEXT, help_text=fields_help()
    )


class ChangeLetterForm(EditForm):
    class Meta:
        model = CallLetter
        fields = ["is_for_pis", "subject", "body"]
        widgets = {"body": TEXT}
