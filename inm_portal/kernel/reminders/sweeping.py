"""The sweep: everything that is due, derived from the database, each minute."""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from inm_portal.kernel.locks import take_turns

from . import breaker, delivery, planning, settling
from .delivery import TURN
from .heartbeat import note_sweep
from .rules import Rule, rules

log = structlog.get_logger(__name__)


def sweep(*, at: datetime) -> bool:
    """
    Plan, settle and write what is due; say whether all of it was done.

    It may run twice at once, late, or not at all for a day. A rule or a mail that
    fails holds up no other; the sweep then counts as not completed, which is what the
    alarm looks at.
    """
    on = timezone.localdate(at)
    planning.cancel_unruled(at=at)
    done = [_try(rule, at=at) for rule in rules()]
    zones = delivery.at_work(delivery.zones_of_due(on=on), at=at)
    done.append(delivery.write_mails(zones, at=at, on=on))
    if all(done):
        note_sweep(at=at)
    return all(done)


def _try(rule: Rule, *, at: datetime) -> bool:
    try:
        prepare(rule, at=at)
    except Exception:
        log.exception("reminders_failed", rule=rule.name)
        return False
    return True


@transaction.atomic
def prepare(rule: Rule, *, at: datetime, everywhere: bool = False) -> None:
    """
    Plan and settle one rule, stop what is too much, make its tasks; one at a time.

    ``everywhere`` takes it that all recipients are at work.
    """
    take_turns(TURN)
    on = timezone.localdate(at)
    planning.plan(rule, at=at, on=on)
    settling.tell_why(rule, at=at, on=on)
    settling.close_tasks(rule, at=at, on=on)
    settling.settle(rule, at=at, on=on)
    zones = delivery.zones_of_due(on=on)
    if not everywhere:
        zones = delivery.at_work(zones, at=at)
    breaker.let_through(rule, delivery.ready_rows(rule, zones, on=on), at=at)
    delivery.make_tasks(rule, at=at, on=on)
