"""What people type about companies that belong together."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField

from ..models import Contact, Organization


class LinkForm(forms.Form):
    other = forms.ModelChoiceField(
        label=_("Company"), queryset=Organization.objects.none()
    )
    from_on = DayField(label=_("Since"), initial=timezone.localdate)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organization.objects.exclude(pk=organization.pk).order_by("name")
        self.fields["other"].queryset = others  # type: ignore[attr-defined]


class PeopleField(forms.ModelMultipleChoiceField):
    """People of a company, of whom two may have one name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.email}"


class SpinOffForm(forms.Form):
    from_on = DayField(label=_("Since"), initial=timezone.localdate)
    name = forms.CharField(
        label=_("Name of this member from then on"),
        max_length=200,
        help_text=_("Of the legal entity that signed the agreement."),
    )
    legal_name = forms.CharField(
        label=_("Legal name of this member from then on"), max_length=200
    )
    rest_name = forms.CharField(label=_("Name of the other company"), max_length=200)
    rest_legal_name = forms.CharField(
        label=_("Legal name of the other company"), max_length=200
    )
    contacts = PeopleField(
        label=_("People who are at the other company"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.current().filter(organization=organization)
        self.fields["contacts"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]
        self.initial.update(name=organization.name, legal_name=organization.legal_name)
