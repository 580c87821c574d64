"""
Mails as rows: queued with the change that causes them, sent by the worker.

A worker claims some messages and commits (`claims`), commits that one is on
the wire just before its data goes out, and then what the server said
(`sending`, `outcomes`). So a crash can be told from a mail that was never
tried: a claim that lapsed before the wire goes back to the queue; one that
lapsed on it is sent once more under the same Message-ID, unless it must never
arrive twice.
"""

from datetime import datetime
from typing import Any

from django.db.models import Model

from . import context
from .claims import rechecked
from .models import Letter, Message
from .sending import send_due
from .waking import wake_after_commit

__all__ = ["queue", "rechecked", "send_due"]


def queue(
    letter: Letter,
    *,
    kind: str,
    to: Any,
    slot: str,
    at: datetime,
    about: Model | None = None,
    expires_at: datetime | None = None,
    once: bool = False,
    asked: bool = False,
    opens_something: bool = False,
) -> Message:
    """
    Write a letter to one person or address, in the caller's transaction.

    The same kind, recipient, object and slot is the same message: it is
    written once. ``at`` may lie ahead; ``once`` says that it must never
    arrive twice, ``asked`` that its recipient waits for it.
    """
    message, is_new = Message.objects.get_or_create(
        kind=kind,
        recipient=to if isinstance(to, str) else to.email,
        about_type=about._meta.label_lower if about else "",
        about_id=about.pk if about else None,
        slot=slot,
        copy_of=None,
        defaults={
            "to": None if isinstance(to, str) else to,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "is_once": once,
            "is_asked": asked,
            "opens_something": opens_something,
            "not_before": at,
            "expires_at": expires_at,
            "request_id": context.request_id.get(),
        },
    )
    if is_new:
        wake_after_commit("send_outbox")
    return message
