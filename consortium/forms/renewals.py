"""What people type about the renewal of a term."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, DayField, RecordForm

from ..models import Contact, ExitReason, Organization, RenewalAnswer


class RenewalEstimateForm(forms.Form):
    probability = forms.IntegerField(
        label=_("Probability in percent"), min_value=0, max_value=100
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("What it rests on, as in talks with the sponsor."),
    )


class RenewalAnswerForm(RecordForm):
    class Meta:
        model = RenewalAnswer
        fields = ["answer", "received_on", "words"]
        widgets = {
            "received_on": DATE,
            "answer": forms.RadioSelect,
            "words": forms.Textarea(attrs={"rows": 4}),
        }


class MemberAnswerForm(RecordForm):
    """The same by the member itself: received is what it sends today."""

    class Meta:
        model = RenewalAnswer
        fields = ["answer", "words"]
        widgets = {
            "answer": forms.RadioSelect,
            "words": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {"words": _("What we should know")}


class LateNoticeForm(forms.Form):
    is_accepted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Accept it")), ("no", _("Refuse it"))],
        coerce=lambda told: told == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


class GoodwillForm(forms.Form):
    until_on = DayField(
        label=_("Until"), help_text=_("No more than 60 days after the term.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


class ExitInterviewForm(forms.Form):
    held_on = DayField(label=_("Day"))
    contact = forms.ModelChoiceField(
        label=_("Spoken with"), queryset=Contact.objects.none(), empty_label=None
    )
    reasons = forms.MultipleChoiceField(
        label=_("Why it leaves"),
        choices=ExitReason.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("What was said"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    may_return = forms.BooleanField(label=_("It might come back"), required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact: Any = self.fields["contact"]
        contact.queryset = organization.contacts.order_by("name", "pk")
