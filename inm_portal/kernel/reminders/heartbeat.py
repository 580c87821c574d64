"""When sweeps were completed, and the alarm when they are not."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists
from django.utils import timezone

from inm_portal.kernel.models import ReminderStop, ReminderSweep

#: A sweep runs each minute; after so long without one, something is wrong.
LATE = timedelta(minutes=10)


def note_sweep(*, at: datetime) -> None:
    """Note that all work that was due at a moment was seen to."""
    ReminderSweep.objects.update_or_create(
        on=timezone.localdate(at),
        defaults={"last_at": at},
        create_defaults={"first_at": at, "last_at": at},
    )


def last_sweep() -> Any:
    """Return the last day with a sweep; ``has_stops`` if one waits for a person."""
    has_stops = Exists(ReminderStop.objects.open())
    return ReminderSweep.objects.annotate(has_stops=has_stops).order_by("-on").first()


def last_sweep_at() -> datetime | None:
    """Return when a sweep was last completed."""
    last = last_sweep()
    return last.last_at if last else None


def is_late(last: datetime | None, *, at: datetime) -> bool:
    """Say whether the alarm is due: no sweep was completed for a while."""
    return last is None or at - last > LATE
