"""What people type about problems of members, and ask about calls."""

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import RecordForm

from ..models import ProblemStatement


class ProblemForm(RecordForm):
    class Meta:
        model = ProblemStatement
        fields = ["title", "text", "is_named"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The answer will be public, with the question, without your name."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads it: take out what tells who asked."),
    )
    answer = forms.CharField(
        label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
