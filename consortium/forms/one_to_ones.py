"""What people type about talks with one of the faculty."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, RecordForm

from ..models import Contact, FacultyMember, OneToOneRequest


class OneOfFacultyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.department}"


class AskOneToOneForm(RecordForm):
    """``contacts`` are those for whom a talk can be asked; one of them at least."""

    faculty = OneOfFacultyField(
        label=_("With"), queryset=FacultyMember.objects.none(), empty_label=None
    )
    contact = forms.ModelChoiceField(
        label=_("For"), queryset=Contact.objects.none(), empty_label=None
    )

    class Meta:
        model = OneToOneRequest
        fields = ["faculty", "contact", "topic", "suits"]
        widgets = {"topic": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, contacts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields
        told["contact"].queryset = contacts
        giving = FacultyMember.objects.filter(one_to_one_cap__gt=0)
        told["faculty"].queryset = giving.order_by("name", "pk")


class AgreeOneToOneForm(RecordForm):
    meets_on = forms.DateField(label=_("Day"), widget=DATE)
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        help_text=_("A room, or where to call, with the time of day."),
    )

    class Meta:
        model = OneToOneRequest
        fields = ["meets_on", "place"]


class HoldOneToOneForm(forms.Form):
    summary = forms.CharField(
        label=_("What was spoken of, and agreed"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    is_shared = forms.BooleanField(
        label=_("Share it with the member"),
        required=False,
        initial=True,
        help_text=_("Every contact of the member with an account reads it."),
    )


class CapForm(RecordForm):
    class Meta:
        model = FacultyMember
        fields = ["one_to_one_cap"]
