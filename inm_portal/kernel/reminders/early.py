"""A reminder that a person sends before the portal would; it fills its rung."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import (
    Letter,
    Message,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
    ReminderStop,
)
from inm_portal.kernel.verbs import Verb

from .delivery import TURN, due_mails, write, written_to, zones_of_due
from .rechecking import verdicts
from .wording import Line, letter_of, lines_of


class NothingToSend(Refusal):
    code = "nothing_to_send"


class RemindedToday(Refusal):
    code = "reminded_today"


class RuleStopped(Refusal):
    code = "rule_stopped"


class MailChanged(Refusal):
    code = "mail_changed"


def drafted(deliveries: Sequence[ReminderDelivery], *, on: date) -> list[Line]:
    """
    Return what a mail of these says on a day, with all else that is due to its reader.

    Each tells the days as they are then, and not those of its rung.
    """
    if not deliveries:
        return []
    for one in deliveries:
        one.days, one.planned_on = (on - one.anchor_on).days, on
    rows = due_mails(zones_of_due(on=on), on=on).filter(address=deliveries[0].address)
    own = [one.pk for one in deliveries]
    others = rows.exclude(pk__in=own).select_related("person")
    return lines_of([*deliveries, *others.order_by("anchor_on", "pk")])


def seal_of(letter: Letter) -> str:
    """Return what tells a mail from another."""
    return sha256(f"{letter.subject}\n{letter.text}".encode()).hexdigest()


@transaction.atomic
def send_now(
    deliveries: Sequence[ReminderDelivery],
    *,
    at: datetime,
    on: date,
    by: Any,
    seen: str = "",
) -> Message:
    """
    Write the mail of planned rungs to their one reader, today and once.

    ``seen`` is the seal of the mail as whoever sends it read it.

    :raises NothingToSend: if something came of one, or keeps it from going out.
    :raises RuleStopped: while the circuit breaker of its rule waits for a person.
    :raises RemindedToday: if its reader had a reminder today.
    :raises MailChanged: if it is not the mail that was read.
    """
    take_turns(TURN)
    keys = [one.pk for one in deliveries]
    rows = ReminderDelivery.objects.filter(pk__in=keys, state=ReminderState.PLANNED)
    rows = rows.exclude(address="").select_related("person").order_by("anchor_on", "pk")
    planned = list(rows)
    if not planned or len(planned) < len(keys):
        raise NothingToSend(_("Something came of this reminder meanwhile."))
    _require_free(planned, on=on)
    if written_to(planned[0].address, on=on):
        raise RemindedToday(
            _("%(who)s had a reminder today; there is one a day.")
            % {"who": planned[0].address}
        )
    lines = drafted(planned, on=on)
    if seen and seen != seal_of(letter_of(lines)):
        raise MailChanged(_("The mail is another by now: read it, and send it again."))
    return _write(lines, keys, at=at, on=on, by=by)


def _write(
    lines: Sequence[Line], keys: Sequence[int], *, at: datetime, on: date, by: Any
) -> Message:
    message = write(lines, at=at, on=on)
    for line in lines:
        one = line.delivery
        if one.pk in keys:
            ReminderDelivery.objects.filter(pk=one.pk).update(
                days=one.days, planned_on=one.planned_on, acted_by=by
            )
            facts = {"rule": one.rule, "rung": one.rung}
            journal.record(Verb.REMINDER_SENT, one, by=by, **facts)
    return message


def _require_free(planned: Sequence[ReminderDelivery], *, on: date) -> None:
    """Insist that nothing holds any of these back but its day."""
    names = {one.rule for one in planned}
    if ReminderStop.objects.open().filter(rule__in=names).exists():
        raise RuleStopped(
            _("Too many of this rule fell due at once: a person decides on them first.")
        )
    against = verdicts(planned, on=on)
    against = {
        key: why for key, why in against.items() if why != ReminderReason.TOO_OLD
    }
    if against:
        raise NothingToSend(_("It is held, or what it asks for is needed no more."))
