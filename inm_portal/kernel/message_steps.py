"""What a person does with a message, or with all mail."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from . import bounces, journal
from .errors import Refusal
from .locks import take_turns
from .models import OVER, Because, MailHold, Message, MessageState
from .outcomes import stop
from .verbs import Verb
from .waking import wake_after_commit


class AddressRefuses(Refusal):
    code = "address_refuses"


class Forgotten(Refusal):
    code = "forgotten"


class NotOver(Refusal):
    code = "not_over"


class CopyUnderWay(Refusal):
    code = "copy_under_way"


class AlreadyHeld(Refusal):
    code = "already_held"


class NotHeld(Refusal):
    code = "not_held"


@transaction.atomic
def hold(message: Message, *, reason: str, by: Any) -> Message:
    """Stop a message that has not gone out, until a person releases it."""
    message = Message.objects.locked(message)
    stop(message, MessageState.HELD, because=Because.PERSON, reason=reason)
    journal.record(Verb.MESSAGE_HELD, message, by=by)
    return message


@transaction.atomic
def release(message: Message, *, by: Any) -> Message:
    """
    Let a held message go out.

    :raises NotHeld: if it is not held.
    :raises AddressRefuses: if its address is marked; the mark is cleared first.
    """
    message = Message.objects.locked(message)
    if message.state != MessageState.HELD:
        raise NotHeld(_("This message is not held."))
    if bounces.is_bounced(message.recipient):
        raise AddressRefuses(_("This address refuses mail; clear its mark first."))
    _queue_again(message)
    journal.record(Verb.MESSAGE_RELEASED, message, by=by)
    return message


@transaction.atomic
def cancel(message: Message, *, reason: str, by: Any) -> Message:
    """Drop a message that has not gone out, or of which nobody knows."""
    message = Message.objects.locked(message)
    stop(message, MessageState.CANCELLED, because=Because.PERSON, reason=reason)
    journal.record(Verb.MESSAGE_CANCELLED, message, by=by)
    return message


@transaction.atomic
def resend(message: Message, *, reason: str, at: datetime, by: Any) -> Message:
    """
    Send a message again; return what waits now.

    One that failed or is unclear goes out under its own Message-ID, by which
    programs take the two for one. One that was sent stays as it is, and a
    copy with an id of its own goes out: it must not be taken for the first.

    :raises Forgotten: if it opened something; its text is gone.
    :raises NotOver: if it waits, is in a worker's hand, or was cancelled.
    :raises CopyUnderWay: if a copy of it waits already.
    """
    message = Message.objects.locked(message)
    if message.opens_something:
        raise Forgotten(_("It opened something and was forgotten; ask for a new one."))
    if not message.can_be_resent:
        raise NotOver(_("Only what went out, failed or is unclear is sent again."))
    if message.state == MessageState.SENT:
        again = _copy(message, reason=reason, at=at)
    else:
        again = message
        _queue_again(again, reason=reason, not_before=at)
    journal.record(Verb.MESSAGE_SENT_AGAIN, message, by=by, now=again)
    return again


def _queue_again(message: Message, *, reason: str = "", **changes: Any) -> None:
    """Queue a locked message as if it were new, whatever was tried before."""
    message.move_to(MessageState.QUEUED)
    message.because, message.reason = "", reason
    message.attempts = message.lapses = 0
    for name, value in changes.items():
        setattr(message, name, value)
    message.save()
    wake_after_commit("send_outbox")


def _copy(message: Message, *, reason: str, at: datetime) -> Message:
    first = message.copy_of or message
    if first.copies.exclude(state__in=OVER).exists():
        raise CopyUnderWay(_("A copy of it waits already."))
    copied = ["kind", "to", "recipient", "about_type", "about_id", "slot"]
    copied += ["subject", "text", "html", "is_once", "request_id"]
    values = {name: getattr(message, name) for name in copied}
    copy = Message.objects.create(**values, copy_of=first, reason=reason, not_before=at)
    wake_after_commit("send_outbox")
    return copy


@transaction.atomic
def hold_all(*, reason: str, at: datetime, by: Any) -> MailHold:
    """
    Stop all mail at once, but for what its recipient asked for just now.

    :raises AlreadyHeld: if it is stopped.
    """
    take_turns("mail hold")
    if MailHold.objects.standing().exists():
        raise AlreadyHeld(_("All mail is held already."))
    held = MailHold.objects.create(is_held=True, reason=reason, at=at, by=by)
    journal.record(Verb.MAIL_HELD, held, by=by)
    return held


@transaction.atomic
def release_all(*, at: datetime, by: Any) -> MailHold:
    """
    Let mail go again.

    :raises NotHeld: if it goes.
    """
    take_turns("mail hold")
    standing = MailHold.objects.standing().first()
    if standing is None:
        raise NotHeld(_("Mail is not held."))
    released = MailHold.objects.create(
        is_held=False, reason=standing.reason, at=at, by=by
    )
    journal.record(Verb.MAIL_RELEASED, released, by=by)
    wake_after_commit("send_outbox")
    return released
