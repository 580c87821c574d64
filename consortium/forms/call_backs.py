"""What people type about requests that are checked by a call."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, RecordForm

from ..models import CallBack, Organization


class CallBackForm(RecordForm):
    reason = forms.CharField(
        label=_("What is asked for"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In words, without any number of an account."),
    )

    class Meta:
        model = CallBack
        fields = ["received_on", "asked_by", "reason", "contact"]
        widgets = {"received_on": DATE}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = organization.contacts.filter(departed_on=None).exclude(phone="")
        contact: Any = self.fields["contact"]
        contact.queryset = known.order_by("name")
        contact.label_from_instance = lambda one: f"{one.name}, {one.phone}"
        contact.help_text = _("Somebody else calls this number, known before.")


class CallForm(forms.Form):
    answer = forms.CharField(
        label=_("What the contact said"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
