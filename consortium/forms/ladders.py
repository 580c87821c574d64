"""What people type of ladders of reminders, and members of what they choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField, VersionForm
from inm_portal.kernel.reminders.rules import Rung

from ..models import MOST_COPIES, Contact, Copied, FirstNotice, Organization, Wording
from ..services import LADDER, Told
from ..services.ladders import CALLS

#: What a mail may become.
MAIL, TASK = "mail", "task"


@dataclass(frozen=True)
class RungRow:
    """The fields of one rung, side by side."""

    rung: Rung
    is_on: Any
    days: Any
    channel: Any = None
    wording: Any = None
    copied: Any = None

    @property
    def title(self) -> str:
        words = str(self.rung)
        return words[:1].upper() + words[1:]


class LadderForm(forms.Form):
    """
    Each rung of a ladder: on or off, its days, and how a mail is written.

    Days are typed as they are said: so many before, or after, the due date.
    """

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It stands with the ladder for good."),
    )

    def __init__(self, *args: Any, told: Sequence[Told], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {one.key: one for one in told}
        for rung in LADDER:
            self._add(rung, given.get(rung.key) or Told(rung.key, rung.days, False))

    def _add(self, rung: Rung, told: Told) -> None:
        name, label = rung.key, str(rung)
        self.fields[f"{name}_is_on"] = forms.BooleanField(
            label=_("On: %(rung)s") % {"rung": label},
            required=False,
            initial=told.is_on,
        )
        side = _("days before") if rung.days < 0 else _("days after")
        days = forms.IntegerField(
            label=f"{side}: {label}", min_value=0, initial=abs(told.days)
        )
        self.fields[f"{name}_days"] = days
        if rung.is_task:
            return
        if name in CALLS:
            self.fields[f"{name}_channel"] = forms.ChoiceField(
                label=_("How: %(rung)s") % {"rung": label},
                choices=[(MAIL, _("a mail")), (TASK, _("a task: call"))],
                initial=TASK if told.is_task else MAIL,
            )
        self.fields[f"{name}_wording"] = forms.ChoiceField(
            label=_("Wording: %(rung)s") % {"rung": label},
            choices=Wording.choices,
            required=False,
            initial=told.wording,
        )
        self.fields[f"{name}_copied"] = forms.MultipleChoiceField(
            label=_("Copies to: %(rung)s") % {"rung": label},
            choices=Copied.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=list(told.copied),
        )

    @property
    def rows(self) -> Iterator[RungRow]:
        for rung in LADDER:
            names = ["channel", "wording", "copied"]
            told = {
                name: self[f"{rung.key}_{name}"]
                for name in names
                if f"{rung.key}_{name}" in self.fields
            }
            is_on, days = self[f"{rung.key}_is_on"], self[f"{rung.key}_days"]
            yield RungRow(rung, is_on, days, **told)

    def clean(self) -> dict[str, Any]:
        """Return the rungs as one list beside the other fields."""
        data = super().clean() or {}
        if self.errors:
            return data
        rungs = [self._told(rung, data) for rung in LADDER]
        names = {
            f"{rung.key}_{part}"
            for rung in LADDER
            for part in ("is_on", "days", "channel", "wording", "copied")
        }
        rest = {name: data[name] for name in data if name not in names}
        return {**rest, "rungs": rungs}

    def _told(self, rung: Rung, data: dict[str, Any]) -> Told:
        name = rung.key
        days = data[f"{name}_days"]
        return Told(
            key=name,
            days=-days if rung.days < 0 else days,
            is_on=data[f"{name}_is_on"],
            is_task=rung.is_task or data.get(f"{name}_channel") == TASK,
            copied=tuple(data.get(f"{name}_copied", ())),
            wording=data.get(f"{name}_wording", ""),
        )


class LadderOfAllForm(LadderForm):
    first_on = DayField(
        label=_("First day"),
        help_text=_("What falls due from this day on follows it; nothing before."),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["first_on", "reason"]


class LadderOfSomeForm(LadderForm):
    until_on = DayField(
        label=_("Until"),
        help_text=_("Up to and with this day; then the ladder of all counts again."),
    )
    field_order = ["until_on", "reason"]


class ReminderChoiceForm(VersionForm):
    first_notice = forms.TypedChoiceField(
        label=_("First notice of an invoice that falls due"),
        choices=FirstNotice.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    readers = forms.ModelMultipleChoiceField(
        label=_("Who else reads the reminders"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "At most %(most)s people. Billing contacts read them in any case, and "
            "technical leads those of what is very late."
        )
        % {"most": MOST_COPIES},
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["readers"]
        people = Contact.objects.current().filter(organization=organization)
        field.queryset = people.order_by("name", "pk")
        self.fields["version"].required = False
