"""What people type about benefits that members use, and of which they get more."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField

from ..models import MOST_OF_A_BENEFIT, Deviation, Entitlement


class UseBenefitForm(forms.Form):
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=MOST_OF_A_BENEFIT, initial=1
    )
    used_on = DayField(label=_("Used on"), initial=timezone.localdate)
    what = forms.CharField(
        label=_("What for"),
        max_length=300,
        help_text=_("As in the symposium of May 2027."),
    )
    over_use_reason = forms.CharField(
        label=_("Reason for an exception"),
        max_length=500,
        required=False,
        help_text=_(
            "Needed where more is used than is left, and while benefits are limited or "
            "suspended."
        ),
    )


class GrantBenefitForm(forms.Form):
    quantity = forms.IntegerField(
        label=_("More by"),
        max_value=MOST_OF_A_BENEFIT,
        min_value=-MOST_OF_A_BENEFIT,
        initial=1,
    )
    deviation = forms.ModelChoiceField(
        Deviation.objects.none(),
        label=_("Agreed as deviation"),
        required=False,
        empty_label=_("None: by goodwill"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, entitlement: Entitlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = entitlement.commitment_year.agreement_id
        rows = Deviation.objects.filter(agreement=agreement)
        deviations: Any = self.fields["deviation"]
        deviations.queryset = rows
