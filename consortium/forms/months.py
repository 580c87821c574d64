"""What people type when a month is closed, and when it shall be opened again."""

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import ReasonForm


class CloseMonthForm(forms.Form):
    reason = forms.CharField(
        label=_("Remark"),
        max_length=500,
        required=False,
        help_text=_("Stands beside the close, if there is anything to say."),
    )


class ReopenMonthForm(ReasonForm):
    """Why a closed month is opened again."""
