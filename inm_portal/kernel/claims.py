"""Which messages a worker takes, and what it asks of each before it goes out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from django.db import transaction

from .models import Because, Bounce, MailHold, Message, MessageState
from .outcomes import give_back, lapse, put_off, stop
from .wire import Answer

log = structlog.get_logger(__name__)

#: A worker takes so many at a time; one of them is on the wire.
BATCH = 100
#: A worker that claimed so long ago has ended.
CLAIM_LAPSES = timedelta(minutes=5)
#: A server that took so long to answer will not answer any more.
WIRE_LAPSES = timedelta(minutes=10)


class Check(Protocol):
    def __call__(self, message: Message, /, *, at: datetime) -> str: ...


_checks: dict[str, Check] = {}


def rechecked(kind: str) -> Callable[[Check], Check]:
    """
    Register what is asked of each message of ``kind`` before it goes out.

    ``check(message, *, at)`` runs in the transaction of the claim. It may
    `rewrite` the message; it returns why the message is cancelled, or "".
    """

    def register(check: Check) -> Check:
        _checks[kind] = check
        return check

    return register


def claim(*, by: str, at: datetime) -> list[Message]:
    """Take the next messages that are due for one worker; none when none is left."""
    going: list[Message] = []
    found = True
    while found and not going:
        with transaction.atomic():
            due = _next_due(at=at)
            found = bool(due)
            going = [message for message in due if _may_go(message, at=at)]
            _take(going, by=by, at=at)
    return going


def _next_due(*, at: datetime) -> list[Message]:
    """Lock the next messages that are due, and settle those to marked addresses."""
    due = Message.objects.due(at=at)
    if MailHold.objects.standing().exists():
        due = due.filter(is_asked=True)
    locked = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    marks = Bounce.objects.current().of(message.recipient for message in locked)
    codes = dict(marks.values_list("address", "codes"))
    for message in locked:
        if message.recipient.lower() in codes:
            code = codes[message.recipient.lower()]
            stop(message, MessageState.HELD, because=Because.BOUNCED, reason=code)
    return locked


def _may_go(message: Message, *, at: datetime) -> bool:
    """Say whether a locked message goes out now; settle one that does not."""
    if message.state != MessageState.QUEUED:
        return False
    if message.expires_at and message.expires_at <= at:
        stop(message, MessageState.CANCELLED, because=Because.EXPIRED)
        return False
    check = _checks.get(message.kind)
    return check is None or _still_holds(message, check, at=at)


def _still_holds(message: Message, check: Check, *, at: datetime) -> bool:
    """Ask a check; one that fails is asked again later, and holds up nobody."""
    try:
        with transaction.atomic():
            reason = check(message, at=at)
    except Exception as error:
        log.exception("message_check_failed", message=message.pk, kind=message.kind)
        put_off(message, Answer(type(error).__name__), at=at)
        return False
    if reason:
        why = reason[:500]
        stop(message, MessageState.CANCELLED, because=Because.UNTRUE, reason=why)
        return False
    message.save(update_fields=["subject", "text", "html"])
    return True


def _take(messages: list[Message], *, by: str, at: datetime) -> None:
    """Give locked messages to one worker, in one statement."""
    for message in messages:
        message.move_to(MessageState.CLAIMED)
        message.claimed_at, message.claimed_by = at, by
    keys = [message.pk for message in messages]
    Message.objects.filter(pk__in=keys).update(
        state=MessageState.CLAIMED, claimed_at=at, claimed_by=by
    )


@transaction.atomic
def recover(*, at: datetime) -> None:
    """Find what a worker that ended had in hand, before the wire and on it."""
    claimed = Message.objects.filter(
        state=MessageState.CLAIMED, claimed_at__lt=at - CLAIM_LAPSES
    )
    for message in claimed.select_for_update(skip_locked=True, of=("self",)):
        give_back(message)
    on_wire = Message.objects.filter(
        state=MessageState.ON_WIRE, on_wire_at__lt=at - WIRE_LAPSES
    )
    for message in on_wire.select_for_update(skip_locked=True, of=("self",)):
        lapse(message, again_at=at, error="lapsed")
