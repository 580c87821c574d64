"""A phone or key that is gone: its person sets up another."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.accounts.second_factor import WhyReset, reset_factors

from .directory import OfPerson


class ResetForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why"), choices=WhyReset.choices, widget=forms.RadioSelect
    )


class ResetFactors(OfPerson):
    """For somebody whose phone or key is gone, once it is clear who asks."""

    action = "reset_factors"
    form_class = ResetForm
    heading = _("Reset the second factor")
    done = _("Reset; the person was told and sets up another.")
    extra_context = {
        "submit_label": _("Reset"),
        "intro": _(
            "Make sure first that it is this person who asks, by a call to a number"
            " that you know. Every second factor, session and API token ends."
        ),
    }

    def perform(self, **data: Any) -> User:
        return reset_factors(self.object, **data, by=self.user)
