"""What the office types about what was handed in, and the PI about a return."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User

from ..models import Call, CheckKind, Ground, MoveKind, ScreenedProposal, ScreeningCheck
from .instants import InstantField, ZonedForm

PASSES = [("", _("Not checked")), ("yes", _("Passes")), ("no", _("Fails"))]
#: What a check of each kind looks at.
LOOKS_AT = {
    CheckKind.COMPLETE: _("Every part that the form asks for is there, and readable."),
    CheckKind.ELIGIBLE: _("The PI and the rules of the call; see who declared what."),
    CheckKind.SCOPE: _("It is what the call asks for, and the topic invited."),
    CheckKind.BUDGET: _("Ceilings of the call and the track, and allowed costs."),
    CheckKind.COMPLIANCE: _("People, animals, biosafety, export control, openness."),
}


class ChecksForm(forms.Form):
    """Each check as it stands; what is changed is written down as a further one."""

    def __init__(
        self, *args: Any, call: Call, known: Iterable[ScreeningCheck], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {row.kind: row for row in known}
        for kind in CheckKind:
            row = self.known.get(kind)
            self.fields[kind] = forms.ChoiceField(
                label=kind.label,
                choices=PASSES,
                required=False,
                initial=("yes" if row.passes else "no") if row else "",
                help_text=LOOKS_AT[kind],
            )
            self.fields[f"{kind}_note"] = forms.CharField(
                label=_("Note on: %(what)s") % {"what": kind.label.lower()},
                max_length=1000,
                required=False,
                initial=row.note if row else "",
            )
            if kind == CheckKind.SCOPE:
                self.fields["theme"] = forms.ModelChoiceField(
                    label=_("Theme that it is in"),
                    queryset=call.themes.all(),
                    required=False,
                    initial=row.theme_id if row else None,
                )

    def clean(self) -> dict[str, Any]:
        """Return what was found where it differs from what stands."""
        told, findings = self.cleaned_data, []
        for kind in CheckKind:
            if not (answer := told.get(kind)):
                continue
            note = told.get(f"{kind}_note", "")
            theme = told.get("theme") if kind == CheckKind.SCOPE else None
            row, passes = self.known.get(kind), answer == "yes"
            if row is None or (row.passes, row.note, row.theme_id) != (
                passes,
                note,
                theme and theme.pk,
            ):
                made = {"kind": kind.value, "passes": passes}
                findings.append(made | {"note": note, "theme": theme})
        return {"findings": findings}


class ReturnForm(forms.Form):
    ground = forms.ChoiceField(label=_("Rule that it breaks"), choices=Ground.choices)
    reason = forms.CharField(
        label=_("In words"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Its people read this."),
    )


class SendBackForm(ZonedForm):
    asked = forms.CharField(
        label=_("What is asked for"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Its people read this."),
    )
    until_at = InstantField(label=_("Until"), is_last=True)


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why it should be reviewed"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class DecideAppealForm(forms.Form):
    is_upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[
            ("yes", _("Back into the queue, to be screened again")),
            ("no", _("It stays returned")),
        ],
        widget=forms.RadioSelect,
        coerce=lambda word: word == "yes",
    )
    words = forms.CharField(
        label=_("In words"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The PI reads this."),
    )


class MoveForm(forms.Form):
    """Several proposals that are accepted or returned at once."""

    kind = forms.ChoiceField(
        label=_("What is done"),
        choices=[
            (MoveKind.ACCEPTED.value, _("Accept into review")),
            (MoveKind.RETURNED.value, _("Return without review")),
        ],
    )
    ground = forms.ChoiceField(
        label=_("Rule that they break"),
        choices=[("", _("None")), *Ground.choices],
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What people of returned proposals read."),
    )
    proposals = forms.ModelMultipleChoiceField(
        label=_("Proposals"),
        queryset=ScreenedProposal.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["proposals"]
        rows = ScreenedProposal.objects.permitted(user, "view").select_related("call")
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("kind") == MoveKind.RETURNED:
            for name in ["ground", "reason"]:
                if not told.get(name):
                    self.add_error(name, _("Say why they are returned."))
        return told
