"""What people type about an interest that somebody disclosed."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.forms import DATE, DayField, RecordForm

from ..models import Interest


class InterestForm(RecordForm):
    class Meta:
        model = Interest
        fields = ["person", "reason", "from_on", "until_on"]
        widgets = {"from_on": DATE, "until_on": DATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", timezone.localdate())
        self.fields["person"].queryset = User.objects.at_inm().order_by("name")  # type: ignore[attr-defined]


class EndInterestForm(forms.Form):
    until_on = DayField(
        label=_("Ends on"),
        initial=timezone.localdate,
        help_text=_("The first day without it."),
    )
