"""The circuit breaker: more than a rule's share in an hour needs a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import journal, tasklist
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import (
    ReminderDelivery,
    ReminderReason,
    ReminderState,
    ReminderStop,
)
from inm_portal.kernel.verbs import Verb

from .delivery import TURN
from .rules import Rule, rule_named

HOUR = timedelta(hours=1)
KIND = "kernel.reminders_stopped"

log = structlog.get_logger(__name__)


class StopDecided(Refusal):
    code = "stop_decided"


@transaction.atomic
def let_through(rule: Rule, ready: QuerySet[Any], *, at: datetime) -> None:
    """
    Let so many of ``ready`` stay planned as the rule may send now; stop the rest.

    Of a rule that stops whole, all of it is stopped: what is wrong with so many is
    likely wrong with the first of them too.
    What a person released is not counted again. While a stop is open, the rule
    gets no new share.
    """
    stop = ReminderStop.objects.open().filter(rule=rule.name).first()
    left = _left(rule, since=(stop.stopped_at if stop else at) - HOUR)
    counted = ready.filter(stop=None).order_by("planned_on", "pk")
    keys: Sequence[int] = list(counted[left:].values_list("pk", flat=True))
    if not keys:
        return
    if rule.stops_whole:
        keys = list(counted.values_list("pk", flat=True))
    stop = stop or _trip(rule, at, len(keys))
    ReminderDelivery.objects.filter(pk__in=keys).update(
        state=ReminderState.STOPPED, stop=stop
    )


def _left(rule: Rule, *, since: datetime) -> int:
    """Return how many more of a rule may go out, after those since a moment."""
    acted = [ReminderState.WRITTEN, ReminderState.TASK]
    lately = ReminderDelivery.objects.filter(
        rule=rule.name, state__in=acted, settled_at__gt=since, stop=None
    )
    return max(0, rule.most_per_hour - lately.count())


def _trip(rule: Rule, at: datetime, count: int) -> ReminderStop:
    stop = ReminderStop.objects.create(rule=rule.name, stopped_at=at)
    journal.record(Verb.REMINDERS_STOPPED, stop, by=None, count=count, rule=rule.name)
    tasklist.open_task(
        KIND,
        stop,
        what=_("Release or cancel the reminders that were stopped: %(rule)s")
        % {"rule": rule.title},
        why=_("More than %(most)s fell due within an hour.")
        % {"most": rule.most_per_hour},
        due_on=timezone.localdate(at),
        url=stop.get_absolute_url(),
        by=None,
    )
    log.warning("reminders_stopped", rule=rule.name, count=count)
    return stop


@transaction.atomic
def release_stop(
    stop: ReminderStop, *, reason: str, at: datetime, by: Any
) -> ReminderStop:
    """
    Let everything that was stopped go out after all.

    :raises StopDecided: if somebody decided before.
    """
    stop = _decide(stop, reason=reason, at=at, by=by, is_released=True)
    count = _stopped(stop).update(state=ReminderState.PLANNED)
    journal.record(Verb.STOP_RELEASED, stop, by=by, count=count, rule=stop.rule)
    return stop


@transaction.atomic
def cancel_stopped(
    stop: ReminderStop, *, reason: str, at: datetime, by: Any
) -> ReminderStop:
    """
    Cancel everything that was stopped; none of it goes out in this cycle.

    :raises StopDecided: if somebody decided before.
    """
    stop = _decide(stop, reason=reason, at=at, by=by, is_released=False)
    count = _stopped(stop).update(
        state=ReminderState.CANCELLED,
        reason=ReminderReason.PERSON,
        note=reason,
        settled_at=at,
    )
    journal.record(Verb.STOP_CANCELLED, stop, by=by, count=count, rule=stop.rule)
    return stop


def _stopped(stop: ReminderStop) -> Any:
    return ReminderDelivery.objects.filter(stop=stop, state=ReminderState.STOPPED)


def _decide(
    stop: ReminderStop, *, reason: str, at: datetime, by: Any, is_released: bool
) -> ReminderStop:
    take_turns(TURN)  # a sweep under way may be stopping more by it
    stop = ReminderStop.objects.locked(stop)
    if stop.decided_at is not None:
        raise StopDecided(_("Somebody decided on this before."))
    stop.decided_at, stop.decided_by = at, by
    stop.is_released, stop.reason = is_released, reason
    stop.save(update_fields=["decided_at", "decided_by", "is_released", "reason"])
    tasklist.finish_about(KIND, stop, outcome=reason, at=at, by=by)
    return stop


def title_of(name: str) -> str:
    """Return the title of a rule; the name of one that is no longer there."""
    rule = rule_named(name)
    return str(rule.title) if rule else name
