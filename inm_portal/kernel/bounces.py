"""Addresses that refused mail: marked, asked for, cleared by a person."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from . import journal
from .errors import Refusal
from .locks import take_turns
from .models import Because, Bounce, BounceKind, Message, MessageState
from .verbs import Verb


class NotBounced(Refusal):
    code = "not_bounced"


def is_bounced(address: str) -> bool:
    """Say whether mail to an address was refused for good, and nobody cleared it."""
    return Bounce.objects.current().of([address]).exists()


@transaction.atomic
def mark(
    address: str,
    *,
    at: datetime,
    codes: str,
    kind: BounceKind = BounceKind.HARD,
    message: Message | None = None,
) -> Bounce:
    """Note that an address refused mail; what is told twice is noted once."""
    address, codes = address.lower(), codes[:100]
    take_turns(f"bounce {address}")
    known = Bounce.objects.of([address])
    known = known.current() if kind == BounceKind.HARD else known.filter(at=at)
    if told := known.filter(kind=kind).first():
        return told
    marked = Bounce.objects.create(
        address=address, kind=kind, at=at, codes=codes, message=message
    )
    journal.record(Verb.ADDRESS_BOUNCED, marked, by=None, kind=kind, codes=codes)
    return marked


@transaction.atomic
def clear(bounce: Bounce, *, reason: str, at: datetime, by: Any) -> Bounce:
    """
    Let mail go to an address again; what was held for it goes out.

    :raises NotBounced: if the address is not marked any more.
    """
    take_turns(f"bounce {bounce.address}")
    if not is_bounced(bounce.address):
        raise NotBounced(_("Mail goes to this address already."))
    cleared = Bounce.objects.create(
        address=bounce.address, kind=BounceKind.CLEARED, at=at, reason=reason, by=by
    )
    held = Message.objects.filter(state=MessageState.HELD, because=Because.BOUNCED)
    released = held.filter(recipient__iexact=bounce.address).update(
        state=MessageState.QUEUED, because="", reason=""
    )
    journal.record(Verb.BOUNCE_CLEARED, cleared, by=by, released=released)
    return cleared
