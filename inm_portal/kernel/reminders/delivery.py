"""Write what is due: one mail to a person a day, and the tasks of the last rungs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from inm_portal.kernel import mails, tasklist
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import Message, ReminderDelivery, ReminderState

from .business_days import DAY, business_days, is_at_work
from .rules import Rule, rule_named, rules
from .wording import (
    COPY,
    KIND,
    Line,
    context_of,
    copied_to,
    lines_of,
    recipient_of,
)

log = structlog.get_logger(__name__)

#: Sweeps that run at once plan, and write to each person, one after the other.
TURN = "reminders"

#: A task of a last rung is to be done within so many days.
TASK_TAKES = timedelta(days=7)


def due_rows(*, on: date) -> QuerySet[Any]:
    """Return what is due and held by nobody, with the ``zone`` of its recipient."""
    zone = Coalesce(F("person__time_zone"), Value(settings.TIME_ZONE))
    return ReminderDelivery.objects.due(on=on).unheld(on=on).annotate(zone=zone)


def zones_of_due(*, on: date) -> Sequence[str]:
    """Return the time zones of those to whom something is due."""
    return list(due_rows(on=on).order_by().values_list("zone", flat=True).distinct())


def at_work(zones: Sequence[str], *, at: datetime) -> Sequence[str]:
    """Keep the zones where people work now."""
    day = at.date()
    days = business_days(first=day - DAY, last=day + DAY)
    return [zone for zone in zones if is_at_work(zone, days, at=at)]


def ready_rows(rule: Rule, zones: Sequence[str], *, on: date) -> QuerySet[Any]:
    """Return what of a rule goes out now: its tasks, and mails where people work."""
    is_task = Q(rung__in=rule.task_rungs)
    is_mail = Q(zone__in=zones) & ~Q(address="")
    return due_rows(on=on).filter(is_task | is_mail, rule=rule.name)


@transaction.atomic
def make_tasks(rule: Rule, *, at: datetime, on: date) -> int:
    """Turn the last rungs of a rule that are due into tasks for people."""
    rows = due_rows(on=on).filter(rule=rule.name, rung__in=rule.task_rungs)
    lines = lines_of(list(rows.select_related("person").order_by("pk")))
    for line in lines:
        task = tasklist.open_task(
            rule.kind_of_task(line.delivery.rung),
            line.subject,
            what=line.item.what,
            why=line.item.why,
            url=line.item.url,
            person=line.delivery.person,
            due_on=on + TASK_TAKES,
            by=None,
        )
        ReminderDelivery.objects.filter(pk=line.delivery.pk).update(
            state=ReminderState.TASK, task=task, settled_at=at
        )
        rule.opened(line.delivery, line.subject, task)
    return len(lines)


def write_mails(zones: Sequence[str], *, at: datetime, on: date) -> bool:
    """
    Write to everybody who is due something now, once a day; say whether all went well.

    A mail that cannot be written holds up no other.
    """
    addresses = due_mails(zones, on=on).values_list("address", flat=True)
    found = list(addresses.order_by("address").distinct())
    done = [_try(address, zones, at=at, on=on) for address in found]
    return all(done)


def _try(address: str, zones: Sequence[str], *, at: datetime, on: date) -> bool:
    try:
        write_to(address, zones, at=at, on=on)
    except Exception:
        log.exception("reminders_not_written")
        return False
    return True


@transaction.atomic
def write_to(address: str, zones: Sequence[str], *, at: datetime, on: date) -> None:
    """
    Write one mail of all that is due to an address.

    Whoever had one today gets the rest tomorrow.
    """
    take_turns(TURN)
    if written_to(address, on=on):
        return
    rows = due_mails(zones, on=on).filter(address=address).select_related("person")
    lines = lines_of(list(rows.order_by("anchor_on", "pk")))
    if lines:
        write(lines, at=at, on=on)


def written_to(address: str, *, on: date) -> bool:
    """Say whether an address had the one mail of a day."""
    written = Message.objects.filter(kind=KIND, recipient=address, slot=str(on))
    return written.exists()


def write(lines: Sequence[Line], *, at: datetime, on: date) -> Message:
    """Write the one mail of a day, and its copies; the caller holds the turn."""
    message = mails.write(
        KIND,
        to=recipient_of(lines),
        slot=str(on),
        at=at,
        context=context_of(lines),
        once=is_once(lines),
    )
    keys = [line.delivery.pk for line in lines]
    ReminderDelivery.objects.filter(pk__in=keys).update(
        state=ReminderState.WRITTEN, message=message, settled_at=at
    )
    _write_copies(lines, message, at=at, on=on)
    return message


def _write_copies(
    lines: Sequence[Line], message: Message, *, at: datetime, on: date
) -> None:
    """Write to each who is copied what of a mail concerns them."""
    for address in sorted({one for line in lines for one in line.delivery.copies}):
        mails.write(
            COPY,
            to=address,
            slot=str(on),
            at=at,
            about=message,
            context=context_of(copied_to(address, lines)) | {"first_to": message},
            once=is_once(lines),
        )


def is_once(lines: Sequence[Line]) -> bool:
    """Say whether a mail holds anything that must never arrive twice."""
    told = [rule_named(line.delivery.rule) for line in lines]
    return any(rule.once for rule in told if rule)


def due_mails(zones: Sequence[str], *, on: date) -> QuerySet[Any]:
    """Return what goes out by mail now."""
    is_task = Q(pk__in=[])
    for rule in rules():
        is_task |= Q(rule=rule.name, rung__in=rule.task_rungs)
    rows = due_rows(on=on).filter(zone__in=zones)
    return rows.exclude(address="").exclude(is_task)
