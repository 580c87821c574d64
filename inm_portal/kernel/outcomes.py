"""What becomes of a message that a worker has in hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet

from . import bounces
from .models import OVER, Because, Message, MessageState
from .wire import Answer

log = structlog.get_logger(__name__)

#: With the longest wait between the last ones, a day and a half.
MOST_ATTEMPTS = 14


class ClaimLost(Exception):
    """Somebody held or cancelled the message, or all mail, since it was claimed."""


@dataclass(frozen=True)
class Taken:
    """A message that the server took, and when."""

    message: Message
    at: datetime


#: One message was taken and the next one goes out: two facts, one commit.
NEXT = """
WITH taken AS (
    UPDATE kernel_message SET
        state = 'sent', sent_at = %(sent_at)s, error = '',
        claimed_at = NULL, claimed_by = '',
        text = CASE WHEN opens_something THEN '' ELSE text END,
        html = CASE WHEN opens_something THEN '' ELSE html END
    WHERE id = %(sent)s AND state = 'on_wire' AND claimed_by = %(by)s
)
UPDATE kernel_message SET
    state = 'on_wire', on_wire_at = %(at)s, attempts = attempts + 1
WHERE id = %(next)s AND state = 'claimed' AND claimed_by = %(by)s
    AND (is_asked OR NOT coalesce(
        (SELECT is_held FROM kernel_mailhold ORDER BY id DESC LIMIT 1), false))
RETURNING id
"""


def next_of(
    sent: Taken | None, following: Message | None, *, by: str, at: datetime
) -> dict[str, Any]:
    """Return the values of ``NEXT``: one message was taken, another goes out."""
    return {
        "sent": sent and sent.message.pk,
        "sent_at": sent and sent.at,
        "next": following and following.pk,
        "by": by,
        "at": at,
    }


def go_on(values: dict[str, Any]) -> bool:
    """
    Commit that the server took one message, and that the data of another goes out.

    Return whether it may: it may not once somebody held or cancelled it, or
    all mail, or another worker has it.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT, values)
        return cursor.fetchone() is not None


def put_on_wire(message: Message, *, at: datetime) -> None:
    """
    Commit that the data of a message goes out now.

    :raises ClaimLost: if it may not go out any more.
    """
    if not go_on(next_of(None, message, by=message.claimed_by, at=at)):
        raise ClaimLost
    is_out(message)


def is_out(message: Message) -> None:
    """Know of a message what was committed of it: it is on the wire."""
    message.state = MessageState.ON_WIRE
    message.attempts += 1


def note_sent(message: Message, *, at: datetime) -> None:
    """Note that the server took a message."""
    go_on(next_of(Taken(message, at), None, by=message.claimed_by, at=at))


def give_back(message: Message) -> None:
    """Leave to a later run what no server was asked to take; it cost no attempt."""
    was_counted = message.state == MessageState.ON_WIRE
    leave(message, MessageState.QUEUED, attempts=message.attempts - was_counted)


@transaction.atomic
def set_back(message: Message, answer: Answer, *, at: datetime) -> None:
    """Note a refusal; mark an address that the server does not know."""
    put_off(message, answer, at=at)
    if answer.marks_the_address:
        bounces.mark(message.recipient, at=at, codes=answer.said, message=message)


def put_off(message: Message, answer: Answer, *, at: datetime) -> None:
    """Try again later, each time after twice as long, until it is no use."""
    attempts = message.attempts + (message.state != MessageState.ON_WIRE)
    is_over = answer.is_final or attempts >= MOST_ATTEMPTS
    leave(
        message,
        MessageState.FAILED if is_over else MessageState.QUEUED,
        attempts=attempts,
        not_before=at + answer.wait(attempts),
        error=str(answer),
    )


def lapse(message: Message, *, again_at: datetime, error: str) -> None:
    """
    Note that nobody knows whether a message arrived.

    It goes out once more under the same Message-ID, by which programs take
    the two for one; what must never arrive twice waits for a person.
    """
    is_unclear = message.is_once or message.lapses > 0
    leave(
        message,
        MessageState.UNCLEAR if is_unclear else MessageState.QUEUED,
        lapses=message.lapses + 1,
        not_before=again_at,
        error=error,
    )


def stop(
    message: Message, state: MessageState, *, because: Because, reason: str = ""
) -> None:
    """Hold or cancel a locked message; forget what it opens once it is over."""
    message.move_to(state)
    message.because, message.reason = because, reason
    message.claimed_at, message.claimed_by = None, ""
    if message.opens_something and state in OVER:
        message.text = message.html = ""
    message.save()


def leave(message: Message, state: MessageState, **changes: Any) -> None:
    """Take a message out of its worker's hand; forget what it opens once it is over."""
    held_by = of_worker(message)
    if state != message.state:
        message.move_to(state)
    if message.opens_something and state in OVER:
        changes |= {"text": "", "html": ""}
    if not held_by.update(state=state, claimed_at=None, claimed_by="", **changes):
        log.warning("message_taken_meanwhile", state=state)


def of_worker(message: Message) -> QuerySet[Message]:
    """Return the row of a message while its worker has it in hand."""
    return Message.objects.filter(
        pk=message.pk, state=message.state, claimed_by=message.claimed_by
    )
