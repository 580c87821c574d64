"""What came of each rung, in words: "why was this not sent?"."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import (
    MessageState,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
)
from inm_portal.kernel.templatetags.portal import on as written_day
from inm_portal.kernel.templatetags.ui import moment

TONES = {"sent": "green", "task": "green", "filled": "green", "written": "azure"}
TONES |= {"planned": "blue", "held": "orange", "stopped": "red", "failed": "red"}
TONES |= {"unclear": "red"}

#: What stands on a task that the portal closed by itself.
NOT_NEEDED = "No longer needed."


@dataclass(frozen=True)
class Outcome:
    """What came of a reminder: a word for its badge, and a sentence."""

    code: str
    label: str
    sentence: str

    @property
    def tone(self) -> str:
        return TONES.get(self.code, "gray")


def with_outcome(rows: Any, *, on: date) -> Any:
    """Read with deliveries all that `outcome_of` tells of."""
    return rows.with_hold(on=on).select_related(
        "message", "task__person", "stop", "person"
    )


def outcome_of(delivery: ReminderDelivery, *, on: date) -> Outcome:
    """Return what came of a delivery, as things stand on a day."""
    state = ReminderState(delivery.state)
    if state == ReminderState.PLANNED:
        return _held(delivery) if delivery.held_until else _planned(delivery, on)
    if state == ReminderState.WRITTEN:
        return _written(delivery)
    return Outcome(state.value, str(state.label), _settled(delivery))


def _held(delivery: ReminderDelivery) -> Outcome:
    words = _("Held until %(day)s: %(reason)s")
    day, reason = written_day(delivery.held_until), delivery.held_because
    return Outcome("held", _("Held"), words % {"day": day, "reason": reason})


def _planned(delivery: ReminderDelivery, on: date) -> Outcome:
    label = str(ReminderState.PLANNED.label)
    if delivery.planned_on > on:
        words = _("Goes out on %(day)s, if it still holds then.")
    else:
        words = _("Due since %(day)s: goes out in the next working hours there.")
    return Outcome("planned", label, words % {"day": written_day(delivery.planned_on)})


def _written(delivery: ReminderDelivery) -> Outcome:
    """Say what the outbox knows of the mail."""
    message: Any = delivery.message
    state = MessageState(message.state)
    facts = {"when": _moment(message.sent_at or delivery.settled_at), "state": ""}
    facts["state"] = str(state.label).lower()
    if state == MessageState.SENT:
        by_hand = _("Sent by hand on %(when)s.")
        words = by_hand if delivery.acted_by_id else _("Sent on %(when)s.")
        return Outcome("sent", _("Sent"), words % facts)
    words = _("Written on %(when)s; the mail is %(state)s.") % facts
    if state in (MessageState.FAILED, MessageState.UNCLEAR, MessageState.CANCELLED):
        return Outcome(state.value, str(state.label), words)
    return Outcome("written", str(ReminderState.WRITTEN.label), words)


def _settled(delivery: ReminderDelivery) -> str:
    """Say why something else than a mail came of it."""
    if delivery.state == ReminderState.STOPPED:
        return _("Stopped: too many of this rule fell due at once; a person decides.")
    if delivery.state == ReminderState.FILLED:
        return delivery.note
    if delivery.task:
        return _task(delivery.task)
    words = _("Not sent on %(when)s: %(reason)s.") % {
        "when": _moment(delivery.settled_at),
        "reason": ReminderReason(delivery.reason).label,
    }
    return f"{words} {delivery.note}".strip()


def _task(task: Any) -> str:
    who = task.person.name if task.person else _("whoever at INM takes it")
    if task.done_at is None:
        return _("A task for %(who)s, still open.") % {"who": who}
    words = _("A task for %(who)s, done on %(when)s: %(outcome)s")
    facts = {"who": who, "when": _moment(task.done_at), "outcome": task.outcome}
    return words % facts


def _moment(when: datetime | None) -> str:
    return moment(when and timezone.localtime(when))
