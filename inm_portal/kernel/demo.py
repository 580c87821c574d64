"""Mails of a demo world that went out in its past; nothing leaves the portal."""

from datetime import datetime, timedelta

from django.db.models import F

from . import claims, outcomes
from .models import Message

SOON = timedelta(seconds=2)


def send(*, at: datetime) -> None:
    """Let everything that is due go out as if a worker had been there at that time."""
    taken = claims.claim(by="demo", at=at)
    for message in taken:
        outcomes.put_on_wire(message, at=at)
        outcomes.note_sent(message, at=at + SOON)
    keys = [message.pk for message in taken]
    Message.objects.filter(pk__in=keys).update(created_at=F("not_before"))
