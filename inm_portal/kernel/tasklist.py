"""Tasks for people: opened by the portal or a use case, done by somebody."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from . import journal
from .errors import Refusal
from .locks import take_turns
from .models import Task
from .permissions import ANYONE, Rule
from .verbs import Verb


class TaskDone(Refusal):
    code = "task_done"


class NotForYou(Refusal):
    code = "not_for_you"


_kept_from: dict[str, Rule] = {}


def kept_from(kind: str) -> Callable[[Rule], Rule]:
    """Register the ``user -> Q`` of those tasks of a kind that others finish."""

    def register(rule: Rule) -> Rule:
        _kept_from[kind] = rule
        return rule

    return register


def not_kept_from(user: Any) -> Q:
    """Return the tasks that nothing about them keeps from ``user``."""
    tasks = ANYONE
    for kind, rule in _kept_from.items():
        tasks &= ~(Q(kind=kind) & rule(user))
    return tasks


@transaction.atomic
def open_task(
    kind: str,
    subject: Model,
    *,
    what: str,
    why: str,
    due_on: date,
    by: Any,
    person: Any = None,
    url: str = "",
) -> Task:
    """
    Ask ``person`` to do something about an object; nobody in particular if None.

    While such a task is open, asking again changes nothing.
    """
    label = subject._meta.label_lower
    about = {"kind": kind, "subject_type": label, "subject_id": subject.pk}
    take_turns(f"task {kind} {label} {subject.pk}")
    if open_already := Task.objects.open().filter(**about).first():
        return open_already
    words = {"what": what[:200], "why": why[:500], "url": url}
    task = Task.objects.create(**about, **words, due_on=due_on, person=person)
    journal.record(Verb.TASK_OPENED, subject, by=by, task=task.pk, kind=kind)
    return task


@transaction.atomic
def finish_task(task: Task, *, outcome: str, at: datetime, by: Any) -> Task:
    """
    Note what came of a task.

    :raises TaskDone: if that was noted before.
    :raises NotForYou: if ``by`` had a part in what it is about.
    """
    task = Task.objects.locked(task)
    if by and not Task.objects.filter(not_kept_from(by), pk=task.pk).exists():
        raise NotForYou(
            _("You had a part in this, or an interest; somebody else finishes it.")
        )
    if task.done_at is not None:
        raise TaskDone(_("This task was done before."))
    _finish(task, outcome=outcome, at=at, by=by)
    return task


def finish_about(
    kind: str, subject: Model, *, outcome: str, at: datetime, by: Any
) -> None:
    """Finish the open task of a kind about an object, if there is one."""
    label = subject._meta.label_lower
    about = Task.objects.filter(subject_type=label, subject_id=subject.pk)
    finish_open(about.filter(kind=kind), outcome=outcome, at=at, by=by)


@transaction.atomic
def finish_open(tasks: QuerySet[Any], *, outcome: str, at: datetime, by: Any) -> None:
    """Finish those of ``tasks`` that nobody has finished, by now either."""
    waiting = tasks.filter(done_at=None).order_by("pk")
    for task in waiting.select_for_update(of=("self",)):
        _finish(task, outcome=outcome, at=at, by=by)


def _finish(task: Task, *, outcome: str, at: datetime, by: Any) -> None:
    task.done_at, task.done_by, task.outcome = at, by, outcome
    task.save(update_fields=["done_at", "done_by", "outcome"])
    journal.record(Verb.TASK_DONE, task, by=by, kind=task.kind)
