"""What all pages about reminders have in common."""

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderStop
from inm_portal.kernel.reminders.breaker import title_of
from inm_portal.kernel.reminders.heartbeat import is_late, last_sweep

REMINDERS = (_("Reminders"), reverse_lazy("reminders"))

TABS = [
    (_("Next 60 days"), "reminders"),
    (_("Past"), "past_reminders"),
    (_("Why was this not sent?"), "reminder_ladders"),
    (_("Rules"), "reminder_rules"),
    (_("Ladders of dues"), "consortium:reminder_policies"),
    (_("Holds"), "reminder_holds"),
    (_("Closures"), "closures"),
]


def frame(request: Any) -> dict[str, Any]:
    """Return the tabs, the alarm, and the stops that wait for a person."""
    last = last_sweep()
    at = last.last_at if last else None
    return {
        "tabs": [
            (label, reverse(name), reverse(name) == request.path)
            for label, name in TABS
        ],
        "stops": stops(request.user) if last and last.has_stops else [],
        "last_sweep_at": at,
        "is_late": is_late(at, at=timezone.now()),
    }


def stops(user: Any) -> list[tuple[ReminderStop, str]]:
    """Return the stops that wait for a decision, each with the title of its rule."""
    waiting = ReminderStop.objects.permitted(user, "view").open().with_count()
    rows = waiting.with_permissions(user, "release").order_by("pk")
    return [(stop, title_of(stop.rule)) for stop in rows]
