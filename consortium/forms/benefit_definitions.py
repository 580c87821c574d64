"""What people type about what every member gets in a year."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField
from inm_portal.kernel.money import CENT, AmountField

from ..models import MOST_OF_A_BENEFIT


class RateForm(forms.Form):
    """How much a year gets, and how much more a larger one does."""

    quantity = forms.IntegerField(
        label=_("Each year gets"), min_value=0, max_value=MOST_OF_A_BENEFIT
    )
    larger_from = AmountField(
        label=_("More for years from"),
        min_value=CENT,
        required=False,
        help_text=_("In US dollars: what a year is asked for, or more."),
    )
    larger_quantity = forms.IntegerField(
        label=_("Those years get"),
        min_value=1,
        max_value=MOST_OF_A_BENEFIT,
        required=False,
    )


class DefineBenefitForm(RateForm):
    name = forms.CharField(
        label=_("Benefit"),
        max_length=100,
        help_text=_("As in Symposium seats. It cannot be changed later."),
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, help_text=_("As in seats."))
    carries_over = forms.BooleanField(
        label=_("What is left of a year can be used in the next one"), required=False
    )
    from_on = DayField(
        label=_("From"),
        initial=timezone.localdate,
        help_text=_("Years under way on this day have it, too."),
    )
    field_order = [
        *["name", "unit", "quantity", "larger_from", "larger_quantity"],
        *["carries_over", "from_on"],
    ]


class ChangeBenefitForm(RateForm):
    from_on = DayField(
        label=_("From"),
        help_text=_(
            "For years that begin on this day or later; years under way keep what "
            "they have."
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


class EndBenefitForm(forms.Form):
    from_on = DayField(
        label=_("From"),
        help_text=_(
            "Years that begin on this day or later have none; years under way keep "
            "what they have."
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


def rate_typed(rate: Any) -> dict[str, Any]:
    """Return what a form starts from: the rate that it changes."""
    names = ["quantity", "larger_from", "larger_quantity"]
    return {name: getattr(rate, name) for name in names}
