"""What people type about bodies, their meetings and motions."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.forms import DayField, FileForm, RecordForm

from ..documents import MEETING_PAPER
from ..models import (
    AgendaItem,
    Body,
    Choice,
    Contact,
    Elector,
    Motion,
    PaperAudience,
    Presence,
    Seat,
    Sitting,
)
from ..services import Item
from .engagement import OwnerFields

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class BodyForm(RecordForm):
    formed_on = DayField(label=_("Formed"))

    class Meta:
        model = Body
        fields = ["name", "kind", "charge", "formed_on"]
        widgets = {"charge": forms.Textarea(attrs={"rows": 4})}


class SeatForm(RecordForm):
    class Meta:
        model = Seat
        fields = ["name", "organization", "votes", "is_chair"]


class SitForm(forms.Form):
    """Somebody of the seat's member; on a seat of none, anybody with an account."""

    contact = forms.ModelChoiceField(label=_("Who"), queryset=Contact.objects.none())
    person = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none())
    is_alternate = forms.BooleanField(
        label=_("As the alternate"),
        required=False,
        help_text=_("Who stands in when the holder cannot come, and votes then."),
    )
    from_on = DayField(label=_("From"), initial=timezone.localdate)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields
        if seat.organization_id:
            del told["person"]
            there = Contact.objects.filter(organization=seat.organization_id)
            people = there.filter(departed_on=None, is_shared_mailbox=False)
            told["contact"].queryset = people.order_by("name", "pk")
        else:
            del told["contact"]
            active = User.objects.filter(is_active=True, merged_into=None)
            told["person"].queryset = active.order_by("name", "pk")


class EndSeatForm(forms.Form):
    until_on = DayField(
        label=_("Gone from"),
        initial=timezone.localdate,
        help_text=_("The first day without this seat; who sits there leaves by then."),
    )
    reason = forms.CharField(label=_("Why"), max_length=500)


class LeaveForm(forms.Form):
    until_on = DayField(
        label=_("Free from"),
        initial=timezone.localdate,
        help_text=_("The first day on which nobody sits there any more."),
    )


def minute_of(day: Any, time: Any) -> datetime:
    """Return the instant of a day and time as Boston's clocks show it."""
    return timezone.make_aware(datetime.combine(day, time))


class MeetingForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    day = DayField(label=_("Day"))
    starts = forms.TimeField(label=_("From"), widget=TIME)
    ends = forms.TimeField(label=_("Until"), widget=TIME)
    place = forms.CharField(label=_("Place"), max_length=200)
    agenda = forms.CharField(
        label=_("Agenda"),
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "A line for each item, its minutes and who presents it behind strokes: "
            "Results of the year | 30 | Mina Kwon. A line that begins with * is of the "
            "closed session, of those alone who sit on the body."
        ),
    )

    def clean_agenda(self) -> list[Item]:
        lines = self.cleaned_data["agenda"].splitlines()
        return [self._item(line) for line in lines if line.strip()]

    def _item(self, line: str) -> Item:
        title, *more = (part.strip() for part in line.split("|"))
        minutes = more[0] if more else ""
        name = title.removeprefix("*").strip()
        if not name or not minutes.isdecimal() or not 0 < int(minutes) <= 1440:
            message = _("Write a title and its minutes: %(line)s")
            raise forms.ValidationError(message % {"line": line.strip()})
        presenter = more[1] if len(more) > 1 else ""
        is_closed = title.startswith("*")
        return Item(name[:200], int(minutes), presenter[:200], is_closed)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if self.errors:
            return told
        day = told.pop("day")
        told["starts_at"] = minute_of(day, told.pop("starts"))
        told["ends_at"] = minute_of(day, told.pop("ends"))
        if told["ends_at"] <= told["starts_at"]:
            self.add_error("ends", _("It ends after it starts."))
        return told


class HoldMeetingForm(forms.Form):
    """Whether each who sits came, and the guests, a line for each."""

    guests = forms.CharField(
        label=_("Guests"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A name on each line."),
    )

    def __init__(self, *args: Any, sittings: list[Sitting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sittings = sittings
        for sitting in sittings:
            self.fields[f"presence_{sitting.pk}"] = forms.ChoiceField(
                label=sitting.known_as,
                choices=Presence.choices,
                initial=Presence.ABSENT if sitting.is_alternate else Presence.PRESENT,
            )
        self.order_fields([*(f"presence_{one.pk}" for one in sittings), "guests"])

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        names = [line.strip() for line in told.get("guests", "").splitlines()]
        presences = {one: told.get(f"presence_{one.pk}", "") for one in self.sittings}
        return {
            "presences": presences,
            "guests": [name[:200] for name in names if name],
        }


class OfItem(forms.Form):
    item = forms.ModelChoiceField(
        label=_("Agenda item"), queryset=AgendaItem.objects.none(), required=False
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields
        told["item"].queryset = items


class ConflictForm(OfItem):
    """``sittings`` are those for whom it can be said."""

    sitting = forms.ModelChoiceField(
        label=_("Whose"), queryset=Sitting.objects.none(), empty_label=None
    )
    what = forms.CharField(
        label=_("What the conflict is"),
        max_length=500,
        help_text=_("The papers of the item are not read by whoever declares it."),
    )
    left_the_room = forms.BooleanField(label=_("Leaves the room"), required=False)
    field_order = ["sitting", "item", "what", "left_the_room"]

    def __init__(self, *args: Any, sittings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields
        told["sitting"].queryset = sittings


class BodyDecisionForm(OfItem):
    text = forms.CharField(
        label=_("What was decided"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ActionForm(OwnerFields):
    what = forms.CharField(label=_("What"), max_length=200)
    field_order = ["what"]


class MinutesForm(forms.Form):
    text = forms.CharField(
        label=_("Minutes"),
        max_length=50000,
        widget=forms.Textarea(attrs={"rows": 18}),
    )


class MeetingPaperForm(FileForm, OfItem):
    kind = MEETING_PAPER
    title = forms.CharField(label=_("Title"), max_length=200)
    audience = forms.ChoiceField(label=_("Read by"), choices=PaperAudience.choices)
    field_order = ["title", "item", "audience", "file"]


class MotionForm(RecordForm):
    class Meta:
        model = Motion
        fields = [
            *["title", "text", "meeting", "weight_rule", "fee_of_a_vote"],
            *["most_votes", "quorum", "pass_rule", "is_secret", "allows_proxy"],
        ]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting: Any = self.fields["meeting"]
        meeting.queryset = body.meetings.order_by("-starts_at")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        by_fee = told.get("weight_rule") == "by_fee"
        if by_fee != bool(told.get("fee_of_a_vote")):
            words = _(
                "Say the fee for each vote where votes go by fee, and only there."
            )
            self.add_error("fee_of_a_vote", words)
        return told


class OpenMotionForm(forms.Form):
    day = DayField(label=_("Votes are taken until"))
    time = forms.TimeField(label=_("At"), widget=TIME, initial="17:00")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if self.errors:
            return told
        return {"closes_at": minute_of(told["day"], told["time"])}


class VoteForm(forms.Form):
    choice = forms.ChoiceField(
        label=_("Vote"), choices=Choice.choices, widget=forms.RadioSelect
    )


class ProxyForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Who votes for your seat"),
        queryset=Elector.objects.none(),
        required=False,
        empty_label=_("Nobody: we vote ourselves"),
    )

    def __init__(self, *args: Any, elector: Elector, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        others = Elector.objects.filter(motion=elector.motion_id).exclude(pk=elector.pk)
        to.queryset = others.select_related("seat").order_by("seat__name", "pk")


class StatementForm(forms.Form):
    text = forms.CharField(
        label=_("Statement"),
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    from_on = DayField(label=_("In force from"), initial=timezone.localdate)
