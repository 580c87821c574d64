"""What it costs to plan 100,000 reminders that fall due at once."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, CharField, DateField, F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders import planning
from inm_portal.kernel.reminders.business_days import business_days
from inm_portal.kernel.reminders.rules import Item as Said
from inm_portal.kernel.reminders.rules import Rule, Rung

from . import processes
from .figures import Figure, Probe
from .models import Item

COUNT = 100_000
SECONDS = 5.0
MORE_MEMORY = 64.0
#: Planning costs no more than inserting the same rows in bulk.
LIMIT = 1.0
BATCH = 5_000


def probes() -> Iterator[Probe]:
    yield Probe("sweep planning 100,000 due reminders", planned)


def candidates(_audience: str, *, on: date) -> Any:
    """Return so many items of the reference list, all due on the day."""
    return Item.objects.filter(pk__lte=COUNT).annotate(
        anchor_on=Value(on, DateField()),
        organization_key=F("supplier"),
        person_key=Value(None, BigIntegerField()),
        address=Concat(F("pk"), Value("@bench.example"), output_field=CharField()),
    )


RULE = Rule(
    name="bench.items",
    title="Items",
    sentence="",
    subjects=Item.objects.all,
    candidates=candidates,
    rungs=[Rung("due", 0, "supplier")],
    describe=lambda delivery, item: Said(item.name, item.code, delivery.anchor_on, "/"),
    matching=Item.objects.matching,
)


NOTHING = replace(
    RULE, candidates=lambda audience, *, on: candidates(audience, on=on).none()
)


def planned(_: Any) -> Iterator[Figure]:
    """Plan in a transaction that is taken back; then insert the same rows in bulk."""
    plan(NOTHING)  # the calendar of the day is made once a day
    processes.forget_peak(os.getpid())
    before = processes.resident(os.getpid())
    took, count = plan(RULE)
    grown = processes.peak(os.getpid()) - before
    inserted = insert()
    connection.close()
    if count != COUNT:
        raise LookupError(f"{count} of {COUNT} were planned")
    measured, yardstick = f"{took:.2f} s", f"{inserted:.2f} s"
    what = "sweep planning 100,000 due reminders"
    yield Figure(what, measured, yardstick, took / inserted, LIMIT)
    yield Figure(f"{what}, seconds", measured, "", took, SECONDS)
    text = f"+{grown:.1f} MiB"
    yield Figure(f"{what}, memory", text, "", grown, MORE_MEMORY)


def plan(rule: Rule) -> tuple[float, int]:
    """Plan all of a rule; return how long it took, and how many there were."""
    at = timezone.now()
    today = timezone.localdate(at)
    on = business_days(first=today, last=today).on_or_after(today)
    with transaction.atomic():
        began = time.perf_counter()
        count = planning.plan(rule, at=at, on=on)
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took, count


def insert() -> float:
    """Insert the same rows in bulk, by objects; return how long it took."""
    today = timezone.localdate()
    with transaction.atomic():
        began = time.perf_counter()
        for first in range(1, COUNT, BATCH):
            rows = (row(key, today) for key in range(first, first + BATCH))
            ReminderDelivery.objects.bulk_create(rows)
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took


def row(key: int, day: date) -> ReminderDelivery:
    return ReminderDelivery(
        rule=RULE.name,
        rung="due",
        days=0,
        subject_type=RULE.subject_type,
        subject_id=key,
        organization_key=1,
        cycle=day,
        anchor_on=day,
        planned_on=day,
        address=f"{key}@bench.example",
    )
