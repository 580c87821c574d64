"""Reminders of the weeks behind us: what was written of what is open today."""

from datetime import date, timedelta
from typing import Any

from inm_portal.kernel.demo import send
from inm_portal.kernel.reminders import delivery
from inm_portal.kernel.reminders.rules import rule_named
from inm_portal.kernel.reminders.sweeping import prepare

from ..models import DUES_RULE
from .credits import moment_of

#: So long ago does the log begin.
WEEKS = 8
#: The days of a week on which something is written: Tuesday and Thursday.
WEEKDAYS = (1, 3)


def load(*, today: date) -> None:
    """Write the reminders of dues that fell due before today, each on a past day."""
    days = (today - timedelta(days=n) for n in range(7 * WEEKS, 0, -1))
    for day in days:
        if day.weekday() in WEEKDAYS:
            _sweep(day)


def _sweep(on: date) -> None:
    rule: Any = rule_named(DUES_RULE)
    at = moment_of(on)
    prepare(rule, at=at, everywhere=True)
    delivery.write_mails(delivery.zones_of_due(on=on), at=at, on=on)
    send(at=at)
