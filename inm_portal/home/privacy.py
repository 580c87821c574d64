"""What reminders and tasks hold about people."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery, Task
from inm_portal.kernel.privacy import Fate, Kind, Pseudonym, Row, register, values

#: Where tasks name people.
TEXTS = ("what", "why", "outcome")


def reminders(user: Any) -> Iterable[Row]:
    return values(_reminders(user), "rule", "rung", "planned_on", "address", "state")


def _reminders(user: Any) -> Any:
    to_them = Q(person=user) | Q(address__iexact=user.email)
    to_them |= Q(pk__in=_copied(user).order_by().values("pk"))
    return ReminderDelivery.objects.filter(to_them).order_by("pk")


def _copied(user: Any) -> Any:
    """Return what somebody read a copy of, however their address was written."""
    lowered = Func(
        "copies",
        template="lower(%(expressions)s::text)::text[]",
        output_field=ArrayField(TextField()),
    )
    rows: Any = ReminderDelivery.objects.annotate(lowered=lowered)
    return rows.filter(lowered__contains=[user.email.lower()])


def erase_reminders(user: Any, pseudonym: Pseudonym) -> None:
    copied = list(_copied(user).values_list("pk", flat=True))
    to_them = Q(person=user) | Q(address__iexact=user.email)
    asked = ReminderDelivery.objects.filter(to_them)
    asked.update(address=pseudonym.email, note="")
    for row in ReminderDelivery.objects.filter(pk__in=copied):
        nameless = [_without(one, user, pseudonym) for one in row.copies]
        ReminderDelivery.objects.filter(pk=row.pk).update(copies=nameless)


def _without(address: str, user: Any, pseudonym: Pseudonym) -> str:
    is_theirs = address.lower() == user.email.lower()
    return pseudonym.email if is_theirs else address


def tasks(user: Any) -> Iterable[Row]:
    return values(_tasks(user), "what", "why", "due_on", "done_at", "outcome")


def _tasks(user: Any) -> Any:
    named = Q(person=user) | Q(done_by=user)
    for field in TEXTS:
        named |= Q(**{f"{field}__contains": user.name})
        named |= Q(**{f"{field}__contains": user.email})
    return Task.objects.filter(named).order_by("pk")


def erase_tasks(user: Any, pseudonym: Pseudonym) -> None:
    """Let tasks name nobody; what was asked and done stays."""
    texts = {field: without(field, user, pseudonym) for field in TEXTS}
    _tasks(user).update(**texts)


def without(field: str, user: Any, pseudonym: Pseudonym) -> Replace:
    """Return a text with what stands for a person instead of name and address."""
    nameless = Replace(field, Value(user.name), Value(pseudonym.name))
    return Replace(nameless, Value(user.email), Value(pseudonym.email))


register(
    Kind(
        "reminders",
        _("Reminders to the person"),
        _("The address goes; that somebody was reminded is a record."),
        Fate.PSEUDONYMISED,
        reminders,
        erase_reminders,
        without_account=True,
        tables=["kernel.ReminderDelivery"],
    ),
    Kind(
        "tasks",
        _("Tasks for the person, and those that name them"),
        _("The name goes; what was asked and what came of it is a record."),
        Fate.PSEUDONYMISED,
        tasks,
        erase_tasks,
        without_account=True,
        tables=["kernel.Task"],
    ),
)
