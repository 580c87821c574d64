"""What people type about a company, its names and its sites."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.forms import DATE, DayField, EditForm, RecordForm

from ..models import Organization, Site


class DetailsFields(forms.ModelForm):
    """Fields that adding and changing an organization share."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    owner = forms.ModelChoiceField(
        label=_("Relationship owner"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Who at INM looks after this company."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.at_inm().order_by("name")  # type: ignore[attr-defined]


class OrganizationForm(DetailsFields, RecordForm):
    class Meta:
        model = Organization
        fields = [
            "name",
            "legal_name",
            "named_since_on",
            "sector",
            "website",
            "owner",
            "is_founding",
        ]
        widgets = {"named_since_on": DATE}


class OrganizationDetailsForm(DetailsFields, EditForm):
    class Meta:
        model = Organization
        fields = ["sector", "website", "owner", "is_founding"]


class RenameForm(RecordForm):
    from_on = DayField(
        label=_("New name from"),
        help_text=_("What was issued earlier keeps the old name."),
    )

    class Meta:
        model = Organization
        fields = ["name", "legal_name"]


class SiteForm(RecordForm):
    class Meta:
        model = Site
        fields = ["name", "kind", "city", "region", "country"]
