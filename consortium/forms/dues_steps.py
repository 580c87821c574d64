"""What people type at the last rungs of the ladder of dues."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField, EditForm, ReasonForm

from ..models import DECISIONS, SponsorNote


class DecideDuesForm(ReasonForm):
    kind = forms.ChoiceField(
        label=_("Decision"),
        choices=[(kind.value, kind.label) for kind in DECISIONS],
        widget=forms.RadioSelect,
    )
    field_order = ["kind", "reason"]


class HandOverForm(forms.Form):
    on = DayField(label=_("Handed over"), initial=timezone.localdate)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=100,
        required=False,
        help_text=_("Of the case, as MIT AR names it."),
    )
    reason = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TellSteeringForm(forms.Form):
    on = DayField(label=_("Told"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SponsorNoteForm(EditForm):
    class Meta:
        model = SponsorNote
        fields = ["subject", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 14})}
