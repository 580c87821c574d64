"""What people do with the reminders of an invoice: hold them, and send one now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import (
    Letter,
    Message,
    ReminderDelivery,
    ReminderHold,
    ReminderState,
)
from inm_portal.kernel.reminders import by_hand, early
from inm_portal.kernel.reminders.delivery import TURN
from inm_portal.kernel.reminders.rules import rule_named
from inm_portal.kernel.reminders.wording import letter_of, recipient_of
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import DUES_RULE, Invoice, InvoiceLine, chased_lines
from ..states import InvoiceState
from ..verbs import Verb
from .chasing import MOST_LADDERS, stops_of
from .invoices import NotIssued, lock_invoice

LINE = InvoiceLine._meta.label_lower


@dataclass(frozen=True)
class NextReminder:
    """
    The mail of an invoice that would go out if somebody sent it now.

    ``rungs`` are what it fills. Without a ``letter``, ``why_not`` says what keeps it
    from going; ``seal`` tells the mail from another.
    """

    rungs: Sequence[str] = ()
    to: str = ""
    copies: Sequence[str] = ()
    letter: Letter | None = None
    seal: str = ""
    why_not: str = ""


@transaction.atomic
def hold_dues(
    invoice: Invoice,
    *,
    until_on: date,
    reason: str,
    today: date,
    by: User,
    rung: str = "",
) -> list[ReminderHold]:
    """
    Hold the ladder of each line of an invoice, or one rung, up to and with a day.

    :raises NotIssued: if it was not issued, or is void.
    :raises HoldEndsTooEarly: if that day is over.
    :raises NoSuchRung: if the ladder has no such rung.
    """
    invoice = lock_invoice(invoice)
    if invoice.state != InvoiceState.ISSUED:
        raise NotIssued(_("This invoice was not issued, or is void."))
    holds = [
        by_hand.hold_reminders(
            rule=DUES_RULE,
            rung=rung,
            subject_type=LINE,
            subject_id=key,
            reason=reason,
            until_on=until_on,
            today=today,
            by=by,
        )
        for key in invoice.lines.order_by("pk").values_list("pk", flat=True)
    ]
    facts = {"until_on": until_on, "rung": rung}
    journal.record(Verb.DUES_HELD, invoice, by=by, **facts)
    return holds


@transaction.atomic
def release_dues(invoice: Invoice, *, today: date, at: datetime, by: User) -> Invoice:
    """
    Lift what holds the lines of an invoice, and nothing that holds more than them.

    :raises HoldOver: if nothing does.
    """
    invoice = lock_invoice(invoice)
    held = own_holds(invoice, on=today).order_by("pk")
    if not held:
        raise by_hand.HoldOver(_("Nothing holds the reminders of this invoice alone."))
    for hold in held:
        by_hand.lift_hold(hold, at=at, by=by)
    journal.record(Verb.DUES_RELEASED, invoice, by=by)
    return invoice


def own_holds(invoice: Invoice, *, on: date) -> QuerySet[ReminderHold]:
    """Return the holds in force of the lines of an invoice alone."""
    lines = invoice.lines.values("pk")
    holds = ReminderHold.objects.in_force(on=on)
    return holds.filter(subject_type=LINE, subject_id__in=lines)


def holding(lines: Any, organization: Any, *, on: date) -> Any:
    """Return what holds reminders of lines: of them, of their member, or all dues."""
    holds = ReminderHold.objects.in_force(on=on).filter(
        Q(rule="") | Q(rule=DUES_RULE),
        Q(subject_id=None) | Q(subject_type=LINE, subject_id__in=lines),
        Q(organization_key=None) | Q(organization_key=organization),
    )
    return holds.order_by("-until_on", "pk")


def holds_of(invoice: Invoice, *, on: date) -> list[ReminderHold]:
    """
    Return what holds reminders of an invoice: of its lines, its member, or all dues.

    Each says in ``words`` what it holds; those of several lines at once are one.
    """
    lines = invoice.lines.values("pk")
    return told_once(holding(lines, invoice.organization_id, on=on))


def told_once(holds: Iterable[ReminderHold]) -> list[ReminderHold]:
    """Return holds with what they hold in words; those that say the same once."""
    found = list(holds)
    alike = {
        (one.rung, one.until_on, one.reason, one.subject_id is None): one
        for one in reversed(found)
    }
    kept = [one for one in found if one in alike.values()]
    for one in kept:
        one.words = _held(one)  # type: ignore[attr-defined]
    return kept


def _held(hold: ReminderHold) -> str:
    rule = rule_named(hold.rule)
    parts = [str((rule and rule.rung(hold.rung)) or hold.rung)]
    if hold.subject_id is None:
        parts += [_("all of the member") if hold.organization_key else _("all members")]
    return ", ".join(part for part in parts if part) or _("the whole ladder")


def next_reminder(invoice: Invoice, *, on: date) -> NextReminder:
    """Return the next mail of the ladder of an invoice as it would read today."""
    planned, why_not = _next(invoice, on=on)
    lines = early.drafted(planned, on=on)
    if not lines:
        return NextReminder(why_not=why_not or _nothing_left(invoice, on=on))
    letter, first = letter_of(lines), recipient_of(lines)
    copies = {one for line in lines for one in line.delivery.copies}
    return NextReminder(
        rungs=list(dict.fromkeys(_names(planned))),
        to=str(getattr(first, "email", first)),
        copies=sorted(copies),
        letter=letter,
        seal=early.seal_of(letter),
        why_not=why_not,
    )


def send_reminder(
    invoice: Invoice, *, on: date, at: datetime, by: User, seen: str = ""
) -> Message:
    """
    Send the next mail of the ladder of an invoice now; the sweep sends it no more.

    ``seen`` is the seal of the mail as whoever sends it read it.

    :raises NothingToSend: if no mail is left, or something keeps it from going out.
    :raises RemindedToday: if whoever pays had a reminder today.
    :raises RuleStopped: while a person decides on what the circuit breaker stopped.
    :raises MailChanged: if it is not the mail that was read.
    """
    with transaction.atomic():
        take_turns(TURN)  # before the member, as the sweep does
        invoice = lock_invoice(invoice)
        planned, why_not = _next(invoice, on=on)
        if not planned or why_not:
            words = why_not or _nothing_left(invoice, on=on)
            raise early.NothingToSend(words)
        rungs = [one.rung for one in planned]
        message = early.send_now(planned, at=at, on=on, by=by, seen=seen)
        journal.record(Verb.DUES_REMINDED, invoice, by=by, rung=rungs[0])
    return message


def _next(invoice: Invoice, *, on: date) -> tuple[list[ReminderDelivery], str]:
    """Return the next planned mail of each line, and what keeps them from going."""
    rows = chased_lines(on=on).filter(invoice=invoice).select_related("invoice")
    lines = list(rows.order_by("pk")[:MOST_LADDERS])
    stops = {line.pk: words for line in lines if (words := stops_of(line, on=on))}
    free = [line.pk for line in lines if line.pk not in stops]
    if not free:
        return [], next(iter(stops.values()), _("Nothing of it is open."))
    planned = ReminderDelivery.objects.filter(
        rule=DUES_RULE, subject_id__in=free, state=ReminderState.PLANNED
    )
    is_late = invoice.due_on is not None and on > invoice.due_on
    planned = planned.filter(days__gte=0) if is_late else planned.filter(days__lt=0)
    rule = rule_named(DUES_RULE)
    planned = planned.exclude(rung__in=rule.task_rungs if rule else [])
    found: dict[int, ReminderDelivery] = {}
    told = planned.exclude(address="").with_hold(on=on).select_related("person")
    for one in told.order_by("days"):
        if one.subject_id not in found or one.planned_on <= on:
            found[one.subject_id] = one
    held = [one for one in found.values() if one.held_until]
    if held:
        facts = {"day": written_day(held[0].held_until), "why": held[0].held_because}
        return held, _("Held until %(day)s: %(why)s") % facts
    return sorted(found.values(), key=lambda one: (one.anchor_on, one.pk)), ""


def _nothing_left(invoice: Invoice, *, on: date) -> str:
    if invoice.due_on is not None and on > invoice.due_on:
        return _("No mail of its ladder is left; what follows are tasks for people.")
    return _("No mail is planned of it before it is late.")


def _names(planned: Sequence[ReminderDelivery]) -> list[str]:
    rule = rule_named(DUES_RULE)
    return [str((rule and rule.rung(one.rung)) or one.rung) for one in planned]
