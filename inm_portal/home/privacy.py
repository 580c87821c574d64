"""What reminders and tasks hold about people."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery, Task
from inm_portal.kernel.privacy import Fate, Kind, Pseudonym, Row, register, values


def reminders(user: Any) -> Iterable[Row]:
    return values(_reminders(user), "rule", "rung", "planned_on", "address", "state")


def _reminders(user: Any) -> Any:
    to_them = Q(person=user) | Q(address__iexact=user.email)
    return ReminderDelivery.objects.filter(to_them).order_by("pk")


def erase_reminders(user: Any, pseudonym: Pseudonym) -> None:
    _reminders(user).update(address=pseudonym.email, note="")


def tasks(user: Any) -> Iterable[Row]:
    return values(_tasks(user), "what", "why", "due_on", "done_at", "outcome")


def _tasks(user: Any) -> Any:
    named = Q(what__contains=user.name) | Q(why__contains=user.name)
    named |= Q(outcome__contains=user.name) | Q(person=user) | Q(done_by=user)
    return Task.objects.filter(named).order_by("pk")


def erase_tasks(user: Any, pseudonym: Pseudonym) -> None:
    """Let tasks name nobody; what was asked and done stays."""
    name, other = Value(user.name), Value(pseudonym.name)
    texts = {field: Replace(field, name, other) for field in ("what", "why", "outcome")}
    _tasks(user).update(**texts)


register(
    Kind(
        "reminders",
        _("Reminders to the person"),
        _("The address goes; that somebody was reminded is a record."),
        Fate.PSEUDONYMISED,
        reminders,
        erase_reminders,
        tables=["kernel.ReminderDelivery"],
    ),
    Kind(
        "tasks",
        _("Tasks for the person, and those that name them"),
        _("The name goes; what was asked and what came of it is a record."),
        Fate.PSEUDONYMISED,
        tasks,
        erase_tasks,
        tables=["kernel.Task"],
    ),
)
