"""What strangers ask on the page for it, and what staff write down of talks."""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.forms import DATE, RecordForm

from ..models import Inquiry, Offer, Organization, ProspectStep, Sector
from ..states import Stage

#: Nobody types it in less, and no page stays open for longer.
AT_LEAST, AT_MOST = timedelta(seconds=3), timedelta(hours=12)
SALT = "consortium.inquiry"


def begun() -> str:
    """Return a proof of when a page was opened, that no other page has."""
    return signing.dumps([timezone.now().timestamp(), token_hex(8)], salt=SALT)


def _opened_at(told: str) -> float | None:
    """Return when a page was opened, unless that is too long ago or made up."""
    try:
        at: float = signing.loads(told, salt=SALT)[0]
    except signing.BadSignature:
        return None
    age = timezone.now().timestamp() - at
    return at if age < AT_MOST.total_seconds() else None


class InquiryForm(RecordForm):
    """
    What a stranger asks; a field that people do not see stays empty.

    A page that was sent at once, or is a day old, is shown again, with what was typed.
    """

    fax = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    begun = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Inquiry
        fields = ["company", "name", "email", "offer", "message"]
        widgets = {
            "message": forms.Textarea(attrs={"rows": 5}),
            "company": forms.TextInput(attrs={"autocomplete": "organization"}),
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        labels = {"name": _("Your name"), "email": _("Your e-mail")}

    @property
    def is_of_a_program(self) -> bool:
        """Whether somebody filled in what people do not see."""
        return bool(self.data.get("fax"))

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data.get("begun", "")
        at = _opened_at(told)
        if at is None or timezone.now().timestamp() - at < AT_LEAST.total_seconds():
            self.add_error(None, _("Please look it over, and send it again."))
            # What is sent again was opened now, or before if that was in time.
            typed: Any = self.data
            typed = typed.copy()
            typed["begun"] = told if at else begun()
            self.data = typed
        return super().clean() or self.cleaned_data


class TakeUpForm(forms.Form):
    organization = forms.ModelChoiceField(
        label=_("Company"),
        queryset=Organization.objects.order_by("name", "pk"),
        required=False,
        empty_label=_("A new one, by the name in the inquiry"),
    )
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=Sector.choices,
        initial=Sector.OTHER,
        help_text=_("Of a new company."),
    )
    owner = forms.ModelChoiceField(
        label=_("Who follows it up"), queryset=User.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.at_inm().order_by("name", "pk")


class StepForm(RecordForm):
    """Where talks stand."""

    class Meta:
        model = ProspectStep
        fields = ["stage", "amount", "probability", "expected_on", "note"]
        widgets = {"expected_on": DATE}
        help_texts = {"note": _("What was said, or is to be done next.")}


class ProspectForm(StepForm):
    """The same of talks that begin."""

    offer = forms.ChoiceField(label=_("Offer"), choices=Offer.choices)
    owner = forms.ModelChoiceField(
        label=_("Who follows it up"), queryset=User.objects.none(), empty_label=None
    )
    field_order = ["offer", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.at_inm().order_by("name", "pk")
        stage: Any = self.fields["stage"]
        stage.choices = [(one.value, one.label) for one in Stage.open_ones()]
