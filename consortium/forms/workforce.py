"""What people type about programs, parts, contributions and their own profile."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DATE, DayField, EditForm, RecordForm, VersionForm

from ..documents import RESUME
from ..models import (
    ContributionCredit,
    Organization,
    ProgramContribution,
    ProgramPart,
    StudentProfile,
    WorkforceProgram,
)
from ..states import MembershipStatus

FIELDS = ["kind", "name", "summary", "starts_on", "ends_on", "seats"]
WIDGETS: dict[str, Any] = {
    "summary": forms.Textarea(attrs={"rows": 4}),
    "starts_on": DATE,
    "ends_on": DATE,
}


class ProgramForm(RecordForm):
    class Meta:
        model = WorkforceProgram
        fields = FIELDS
        widgets = WIDGETS


class ChangeProgramForm(EditForm):
    class Meta:
        model = WorkforceProgram
        fields = FIELDS
        widgets = WIDGETS


class JoinProgramForm(forms.Form):
    organization = forms.ModelChoiceField(
        label=_("Member"), queryset=Organization.objects.none()
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=0, max_value=10_000)
    on = DayField(label=_("Takes part from"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members: Any = Organization.objects.with_membership(on=timezone.localdate())
        members = members.filter(status=MembershipStatus.ACTIVE)
        field: Any = self.fields["organization"]
        field.queryset = members.order_by("name", "pk")


class SeatsForm(VersionForm):
    seats = forms.IntegerField(label=_("Seats"), min_value=0, max_value=10_000)


class LeaveProgramForm(forms.Form):
    on = DayField(label=_("Last day"), initial=timezone.localdate)


class ProgramContributionForm(RecordForm):
    class Meta:
        model = ProgramContribution
        fields = ["kind", "what", "amount", "contributed_on", "credit"]
        widgets = {"contributed_on": DATE}
        help_texts = {
            "amount": _("In US dollars, if it can be told."),
            "credit": _("What of it counts toward the commitment is decided there."),
        }

    def __init__(self, *args: Any, part: ProgramPart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["credit"]
        credits = ContributionCredit.objects.filter(organization=part.organization_id)
        field.queryset = credits.order_by("-pk")


class ProfileForm(RecordForm):
    file = forms.FileField(label=_("Résumé"), widget=forms.FileInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = StudentProfile
        fields = ["degree", "department", "graduates_on", "looks_for", "skills"]
        widgets = {"graduates_on": DATE, "skills": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.widget.attrs["accept"] = RESUME.accept
        told = {"types": RESUME.help_text}
        file.help_text = _("It replaces the one before. %(types)s") % told
        if self.instance.pk:
            self.initial["version"] = self.instance.version
