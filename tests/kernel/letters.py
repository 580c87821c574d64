"""Messages as the tests of the outbox write them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from inm_portal.kernel import claims, outbox, outcomes
from inm_portal.kernel.models import Letter, Message

NOW = timezone.now()
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LETTER = Letter("Subject", "Text", "<p>Text</p>")
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


def queue(slot: str = "1", letter: Letter = LETTER, **changes: Any) -> Message:
    given = {"kind": "test", "to": "a@x.example", "at": NOW}
    return outbox.queue(letter, slot=slot, **given | changes)


def claim(at=NOW) -> list[Message]:
    return claims.claim(by="worker", at=at)


def put_on_wire(at=NOW) -> list[Message]:
    """Take what is due as far as a worker that is killed at the worst moment."""
    messages = claim(at)
    for message in messages:
        outcomes.put_on_wire(message, at=at)
    return messages


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state
