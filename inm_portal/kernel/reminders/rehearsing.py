"""What would go out on a day: the same code, in a transaction that is taken back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import ReminderDelivery, ReminderState

from .business_days import DAY, OPENS, business_days
from .delivery import write_mails, zones_of_due
from .planning import plan
from .rules import rules
from .sweeping import prepare
from .wording import Line, lines_of

#: Nobody knows what is true so far ahead.
FARTHEST = timedelta(days=400)


class CannotRehearse(Refusal):
    """A day that is over, or too far ahead."""

    code = "cannot_rehearse"
    field = "on"


@dataclass(frozen=True)
class Rehearsal:
    """What would go out on a day, and what the circuit breaker would stop."""

    on: date
    is_open: bool
    mailed: list[Line]
    tasks: list[Line]
    stopped: int


def rehearse(*, on: date, today: date) -> Rehearsal:
    """
    Return what would go out on a day if nothing changed until then; change nothing.

    :raises CannotRehearse: for a day that lies behind, or 400 days ahead.
    """
    if on < today:
        raise CannotRehearse(
            _("This day is over; the list of past reminders tells of it.")
        )
    if on > today + FARTHEST:
        raise CannotRehearse(_("Choose a day within the next 400."))
    if not business_days(first=on - DAY, last=on + DAY).is_open(on):
        return Rehearsal(on, False, [], [], 0)
    with transaction.atomic():
        found = _played(on, today)
        transaction.set_rollback(True)
    return found


def _played(on: date, today: date) -> Rehearsal:
    at = timezone.make_aware(datetime.combine(on, time(OPENS)))
    if on > today:
        _presume_sent(before=on, at=at)
    for rule in rules():
        prepare(rule, at=at, everywhere=True)
    write_mails(zones_of_due(on=on), at=at, on=on)
    settled = ReminderDelivery.objects.filter(settled_at=at)
    return Rehearsal(
        on=on,
        is_open=True,
        mailed=_lines(settled.filter(state=ReminderState.WRITTEN)),
        tasks=_lines(settled.filter(state=ReminderState.TASK)),
        stopped=ReminderDelivery.objects.filter(state=ReminderState.STOPPED).count(),
    )


def _presume_sent(*, before: date, at: datetime) -> None:
    """Take what is planned for the days until then as sent, but for what is held."""
    for rule in rules():
        plan(rule, at=at, on=before)
    sent = ReminderDelivery.objects.due(on=before - DAY).unheld(on=before - DAY)
    keys = list(sent.values_list("pk", flat=True))
    ReminderDelivery.objects.filter(pk__in=keys).update(
        state=ReminderState.FILLED, settled_at=at - DAY
    )


def _lines(rows: Any) -> list[Line]:
    return lines_of(list(rows.select_related("person").order_by("address", "pk")))
