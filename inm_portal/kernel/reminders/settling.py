"""What is planned and shall not go out after all: each with its reason."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from inm_portal.kernel import tasklist
from inm_portal.kernel.models import (
    ReminderDelivery,
    ReminderReason,
    ReminderState,
    Task,
)

from .outcomes import NOT_NEEDED
from .rules import Rule

#: What was done about a rung, so that the rungs below it are over.
ACTED = [ReminderState.WRITTEN, ReminderState.TASK, ReminderState.FILLED]


def settle(rule: Rule, *, at: datetime, on: date) -> None:
    """Skip what is due and too old, for nobody, or below a higher rung."""
    due = ReminderDelivery.objects.filter(rule=rule.name).due(on=on)
    _skip(due.filter(late(rule, on=on)), ReminderReason.TOO_OLD, at)
    is_task = Q(rung__in=rule.task_rungs)
    nobody = Q(address="") | Q(person__is_active=False)
    _skip(due.filter(~is_task & nobody), ReminderReason.NOBODY, at)
    climbing = due.exclude(rung__in=rule.alone)
    _skip(climbing.filter(_has_higher(rule, on)), ReminderReason.SUPERSEDED, at)


def late(rule: Rule, *, on: date) -> Q:
    """Return the condition that a mail is no use any more; tasks never are late."""
    old = Q(planned_on__lt=on - timedelta(days=rule.latest))
    is_warning = Q(days__lt=0, anchor_on__lt=on)
    return (old | is_warning) & ~Q(rung__in=rule.task_rungs)


def _has_higher(rule: Rule, on: date) -> Any:
    """Return whether a higher rung of the same cycle went out, or is due and free."""
    due = ReminderDelivery.objects.due(on=on).unheld(on=on)
    of_cycle = {name: OuterRef(name) for name in ("rule", "subject_id", "cycle")}
    goes = Q(state__in=ACTED) | Q(pk__in=due.filter(rule=rule.name).values("pk"))
    higher = ReminderDelivery.objects.filter(goes, **of_cycle)
    higher = higher.exclude(rung__in=rule.alone)
    return Exists(higher.filter(days__gt=OuterRef("days")))


def _skip(rows: Any, reason: ReminderReason, at: datetime) -> None:
    # By key: an UPDATE cannot ask about the rows that it joins.
    keys = rows.values("pk")
    ReminderDelivery.objects.filter(pk__in=keys).update(
        state=ReminderState.SKIPPED, reason=reason, settled_at=at
    )


def close_tasks(rule: Rule, *, at: datetime, on: date) -> None:
    """Close the open tasks of a rule whose objects need them no longer."""
    rungs = [rung for rung in rule.rungs if rung.is_task]
    for audience in {rung.audience for rung in rungs}:
        keys = [rung.key for rung in rungs if rung.audience == audience]
        _close_tasks_for(rule, audience, keys, at=at, on=on)


def _close_tasks_for(
    rule: Rule, audience: str, keys: Collection[str], *, at: datetime, on: date
) -> None:
    made = ReminderDelivery.objects.filter(
        rule=rule.name, rung__in=keys, task__done_at=None, state=ReminderState.TASK
    )
    open_ones = list(made.values_list("subject_id", "cycle", "task"))
    if not open_ones:
        return
    subjects = {subject for subject, _cycle, _task in open_ones}
    rows = rule.candidates(audience, on=on).filter(pk__in=subjects)
    asked = dict(rows.values_list("pk", "anchor_on"))
    over = [t for s, cycle, t in open_ones if s not in asked or asked[s] > cycle]
    tasks = Task.objects.filter(pk__in=over)
    tasklist.finish_open(tasks, outcome=NOT_NEEDED, at=at, by=None)


def tell_why(rule: Rule, *, at: datetime, on: date) -> None:
    """Note on what was cancelled just now what stopped it, as its rule says."""
    gone = ReminderDelivery.objects.filter(
        rule=rule.name,
        state=ReminderState.CANCELLED,
        reason=ReminderReason.NOT_TRUE,
        settled_at=at,
        note="",
    )
    told = dict(gone.order_by("pk").values_list("pk", "subject_id")[:MOST_TOLD])
    stops = rule.stops(sorted(set(told.values())), on=on) if told else {}
    for words in sorted(set(stops.values())):
        keys = [pk for pk, subject in told.items() if stops.get(subject) == words]
        ReminderDelivery.objects.filter(pk__in=keys).update(note=words[:500])


#: Of so many that are cancelled at once it is noted what stopped them.
MOST_TOLD = 500
