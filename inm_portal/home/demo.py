"""Reminders of the demo world: some went out, one is held, one was done by hand."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from inm_portal.kernel.demo import send
from inm_portal.kernel.models import ReminderDelivery, ReminderState
from inm_portal.kernel.reminders import by_hand
from inm_portal.kernel.reminders.business_days import DAY, business_days
from inm_portal.kernel.reminders.sweeping import sweep

RULE = "consortium.contact_confirmation"


def load(*, today: date, by: Any) -> None:
    """Sweep as on the open day before, let a person hold one and do another; sweep."""
    if ReminderDelivery.objects.filter(rule=RULE).exists():
        return
    by_hand.add_closure(on=date(today.year, 12, 24), name="Winter break", by=by)
    days = business_days(first=today - 14 * DAY, last=today)
    before = days.on_or_before(today - DAY)
    at = timezone.make_aware(datetime.combine(before, time(10)))
    sweep(at=at)
    send(at=at)
    held, done = _coming(after=today)
    by_hand.hold_reminders(
        rule=RULE,
        subject_type=held.subject_type,
        subject_id=held.subject_id,
        reason="On leave until then; the company asked us to wait.",
        until_on=held.planned_on + timedelta(days=21),
        today=today,
        by=by,
    )
    done_at = at + timedelta(hours=1)
    by_hand.fill_reminder(done, note="Confirmed on the telephone.", at=done_at, by=by)
    sweep(at=timezone.now())


def _coming(*, after: date) -> list[ReminderDelivery]:
    """Return two first reminders of different companies that are planned ahead."""
    rows = ReminderDelivery.objects.filter(
        rule=RULE, days=0, state=ReminderState.PLANNED, planned_on__gt=after
    )
    first = rows.order_by("planned_on", "pk")[0]
    other = rows.exclude(organization_key=first.organization_key)
    return [first, other.order_by("planned_on", "pk")[0]]
