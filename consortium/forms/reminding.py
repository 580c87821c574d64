"""What people type about the reminders of an invoice."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField, ReasonForm
from inm_portal.kernel.reminders.rules import rule_named

from ..models import DUES_RULE


def rung_choices() -> list[tuple[str, Any]]:
    """Return the rungs of the ladder of dues, and all of them as one choice."""
    rule = rule_named(DUES_RULE)
    rungs = rule.rungs if rule else []
    return [("", _("The whole ladder")), *((rung.key, str(rung)) for rung in rungs)]


class HoldDuesForm(ReasonForm):
    rung = forms.ChoiceField(
        label=_("What is held"),
        choices=rung_choices,
        required=False,
        help_text=_("The mails, and at the end of the ladder the tasks."),
    )
    until_on = DayField(label=_("Until"), help_text=_("Up to and with this day."))
    field_order = ["rung", "until_on", "reason"]


class SendReminderForm(forms.Form):
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
