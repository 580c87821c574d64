"""One object of each kind that the kernel keeps for people, all about Siemens."""

from datetime import UTC, date, datetime
from typing import Any

from inm_portal.kernel.models import (
    Closure,
    ReminderDelivery,
    ReminderHold,
    ReminderStop,
    Task,
)

from ..cast import Cast
from ..conftest import TODAY

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def of_reminders(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make one of each: about a contact of Siemens, a task of its sponsor."""
    rule = "consortium.contact_confirmation"
    stop = ReminderStop.objects.create(rule=rule, stopped_at=NOON)
    contact = {"subject_type": "consortium.contact", "subject_id": cast.contact.pk}
    reminder = ReminderDelivery.objects.create(
        **contact,
        **{"rule": rule, "rung": "due", "days": 0, "cycle": TODAY},
        **{"anchor_on": TODAY, "planned_on": TODAY, "person": cast["sponsor"]},
        **{"organization_key": cast.siemens.pk, "address": cast["sponsor"].email},
    )
    hold = ReminderHold.objects.create(**contact, reason="They asked", until_on=TODAY)
    closure = Closure.objects.create(on=date(2026, 12, 24), name="Christmas Eve")
    task = Task.objects.create(
        **contact,
        **{"kind": rule, "person": cast["sponsor"], "due_on": TODAY},
        **{"what": "Confirm your colleagues at Siemens", "why": "Nobody did"},
    )
    made = {"stop": stop, "reminder": reminder, "hold": hold}
    made |= {"closure": closure, "task": task}
    return {name: {"pk": thing.pk} for name, thing in made.items()}
