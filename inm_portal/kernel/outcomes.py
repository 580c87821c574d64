"""What becomes of a message that a worker has in hand."""

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, F, QuerySet

from . import bounces
from .models import OVER, Because, MailHold, Message, MessageState
from .wire import Answer

log = structlog.get_logger(__name__)

#: With the longest wait between the last ones, a day and a half.
MOST_ATTEMPTS = 14


class ClaimLost(Exception):
    """Somebody held or cancelled the message, or all mail, since it was claimed."""


def put_on_wire(message: Message, *, at: datetime) -> None:
    """
    Commit that the data of a message goes out now.

    :raises ClaimLost: if it may not go out any more.
    """
    mine = of_worker(message).filter(state=MessageState.CLAIMED)
    if not message.is_asked:
        mine = mine.filter(~Exists(MailHold.objects.standing()))
    if not mine.update(
        state=MessageState.ON_WIRE, on_wire_at=at, attempts=F("attempts") + 1
    ):
        raise ClaimLost
    message.state = MessageState.ON_WIRE
    message.attempts += 1


def note_sent(message: Message, *, at: datetime) -> None:
    """Note that the server took a message."""
    leave(message, MessageState.SENT, sent_at=at, error="")


def give_back(message: Message) -> None:
    """Leave to a later run what no server was asked to take."""
    leave(message, MessageState.QUEUED)


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
