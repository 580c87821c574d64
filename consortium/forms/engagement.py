"""What people type about what was spoken with a member, and what follows of it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.forms import DATE, DayField, RecordForm

from ..models import Contact, FacultyMember, Interaction, Organization
from .links import PeopleField


class FacultyField(forms.ModelMultipleChoiceField):
    """People of the faculty, of whom two may have one name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.department}"


class FacultyForm(RecordForm):
    class Meta:
        model = FacultyMember
        fields = ["name", "email", "department"]


class InteractionForm(RecordForm):
    contacts = PeopleField(
        label=_("People of the member"),
        queryset=Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    faculty = FacultyField(
        label=_("Faculty"),
        queryset=FacultyMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people = PeopleField(
        label=_("People at INM"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Interaction
        fields = ["kind", "held_on", "summary", "is_shared"]
        widgets = {"held_on": DATE, "summary": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields
        there = Contact.objects.filter(organization=organization)
        named = self.initial.get("contacts", [])
        people = there.filter(departed_on=None) | there.filter(pk__in=named)
        told["contacts"].queryset = people.order_by("name", "pk")
        told["faculty"].queryset = FacultyMember.objects.order_by("name", "pk")
        named = User.objects.filter(pk__in=self.initial.get("people", []))
        at_inm = User.objects.filter(pk__in=User.objects.at_inm().values("pk"))
        at_inm = at_inm | named
        told["people"].queryset = at_inm.order_by("name", "pk")


class CorrectInteractionForm(InteractionForm):
    reason = forms.CharField(label=_("Reason of the correction"), max_length=500)


class OwnerFields(forms.Form):
    """Who does something by when."""

    owner = forms.ModelChoiceField(
        label=_("Who does it"), queryset=User.objects.none(), empty_label=None
    )
    due_on = DayField(label=_("By"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.at_inm().order_by("name", "pk")


class FollowUpForm(OwnerFields):
    what = forms.CharField(
        label=_("What"), max_length=200, help_text=_("As in: send the case study.")
    )
    field_order = ["what"]


class ReopenForm(OwnerFields):
    pass
