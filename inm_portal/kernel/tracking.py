"""What a mail service tells later of a mail that it took."""

import re
from typing import Any

from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver
from django.utils import timezone

from . import bounces
from .models import BounceKind, Message
from .wire import NOT_THE_ADDRESS

CODE = re.compile(r"\b[245](?:\d\d|\.\d{1,3}\.\d{1,3})\b")
FOR_NOW = re.compile(r"\b4(?:\d\d|\.\d{1,3}\.\d{1,3})\b")
OUR_ID = re.compile(r"<?(\d{1,18})\.")

CAME_BACK = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
#: The service itself knows that nobody has the address, or that its owner complained.
FOR_GOOD = {RejectReason.INVALID, RejectReason.SPAM}


@receiver(tracking, dispatch_uid="mark_what_came_back")
def mark_what_came_back(sender: Any, event: Any, **_: Any) -> None:
    """Mark the address of a mail that came back; told twice, it is marked once."""
    kind = kind_of(event)
    if kind and event.recipient:
        bounces.mark(
            event.recipient,
            at=event.timestamp or timezone.now(),
            codes=codes_of(event),
            kind=kind,
            message=message_of(event),
        )


def kind_of(event: Any) -> BounceKind | None:
    """Return how an address refused, None if it did not."""
    if event.event_type == EventType.COMPLAINED or event.reject_reason in FOR_GOOD:
        return BounceKind.HARD
    if event.event_type not in CAME_BACK:
        return None
    said = codes_of(event)
    is_soft = FOR_NOW.search(said) or NOT_THE_ADDRESS.search(said)
    is_known = event.reject_reason == RejectReason.BOUNCED
    return BounceKind.HARD if is_known and not is_soft else BounceKind.SOFT


def codes_of(event: Any) -> str:
    """Return the reason and the codes alone: other words may quote the mail."""
    codes = CODE.findall(event.mta_response or event.description or "")
    return " ".join([event.reject_reason or event.event_type, *codes])


def message_of(event: Any) -> Message | None:
    """Return the message that an event is about, if it says so."""
    found = OUR_ID.match(event.message_id or "")
    if not found:
        return None
    sent = Message.objects.filter(pk=found[1], recipient__iexact=event.recipient)
    return sent.first()
