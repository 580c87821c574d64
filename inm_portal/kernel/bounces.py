"""Addresses that refused mail: marked, asked for, cleared by a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import journal, tasklist
from .errors import Refusal
from .locks import take_turns
from .models import Because, Bounce, BounceKind, Message, MessageState
from .verbs import Verb

#: The task that a refused address opens, and how long it may take.
FIND_ADDRESS = "kernel.find_address"
FOUND_WITHIN = timedelta(days=7)


class NotBounced(Refusal):
    code = "not_bounced"


@dataclass(frozen=True)
class Holder:
    """Whose an address is, and who finds out their new one: anybody, if None."""

    name: str
    url: str
    finder: Any


Whose: TypeAlias = Callable[[str], Holder | None]

_whose: list[Whose] = []


def tells_whose(whose: Whose) -> Whose:
    """Register how an app finds out whose an address is."""
    _whose.append(whose)
    return whose


def holder_of(address: str) -> Holder | None:
    """Return whose an address is, as the app that knows most of people says."""
    found = (whose(address) for whose in reversed(_whose))
    return next((holder for holder in found if holder), None)


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
    if kind == BounceKind.HARD:
        _ask_for_another(marked)
    return marked


def _ask_for_another(marked: Bounce) -> None:
    """Open a task for whoever can find out the new address of a person."""
    holder = holder_of(marked.address)
    if holder is None:
        return
    facts = {"name": holder.name, "address": marked.address}
    tasklist.open_task(
        FIND_ADDRESS,
        marked,
        what=_("Find the new address of %(name)s") % facts,
        why=_("%(address)s refuses mail; what is for it is held.") % facts,
        due_on=timezone.localdate(marked.at) + FOUND_WITHIN,
        person=holder.finder,
        url=holder.url,
        by=None,
    )


def note_given_up(address: str, *, at: datetime, by: Any) -> None:
    """Ask no longer for another address than one that is nobody's any more."""
    if holder_of(address) is None:
        for marked in Bounce.objects.current().of([address]):
            _finish(marked, _("Nobody here has this address any more."), at=at, by=by)


def _finish(marked: Bounce, outcome: str, *, at: datetime, by: Any) -> None:
    tasklist.finish_about(FIND_ADDRESS, marked, outcome=outcome, at=at, by=by)


@transaction.atomic
def clear(bounce: Bounce, *, reason: str, at: datetime, by: Any) -> Bounce:
    """
    Let mail go to an address again; what was held for it goes out.

    :raises NotBounced: if the address is not marked any more.
    """
    take_turns(f"bounce {bounce.address}")
    if not is_bounced(bounce.address):
        raise NotBounced(_("Mail goes to this address already."))
    for marked in Bounce.objects.current().of([bounce.address]):
        _finish(marked, _("The mark was cleared."), at=at, by=by)
    cleared = Bounce.objects.create(
        address=bounce.address, kind=BounceKind.CLEARED, at=at, reason=reason, by=by
    )
    held = Message.objects.filter(state=MessageState.HELD, because=Because.BOUNCED)
    released = held.filter(recipient__iexact=bounce.address).update(
        state=MessageState.QUEUED, because="", reason=""
    )
    journal.record(Verb.BOUNCE_CLEARED, cleared, by=by, released=released)
    return cleared
