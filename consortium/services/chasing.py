"""The ladder of reminders of an invoice: what was sent, what comes, what stops it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from inm_portal.kernel.models import (
    MessageState,
    ReminderDelivery,
    ReminderState,
)
from inm_portal.kernel.money import written
from inm_portal.kernel.reminders.outcomes import Outcome, outcome_of, with_outcome
from inm_portal.kernel.reminders.rules import Rung, rule_named
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    DUES_RULE,
    Invoice,
    InvoiceLine,
    ReminderPreference,
    chased_lines,
)
from .ladders import RUNGS, Ladders, versions

#: Nobody is reminded of what fell due before; exceptions and aging tell of it.
OLDEST_DUES = timedelta(days=800)

#: Lines of an invoice whose ladders its page shows.
MOST_LADDERS = 10


def stops_of(line: Any, *, on: date) -> str:
    """Say what keeps a line from being reminded of, with its amounts of a day."""
    facts = {
        "open": written(line.open_amount, line.invoice.currency),
        "cash": written(line.on_account + line.expected, line.invoice.currency),
    }
    if not line.open_amount:
        return _("Nothing of it is open.")
    if line.is_rejected:
        return _("Its payables rejected the invoice; that is mended first.")
    if not line.chased:
        parts = [
            (line.disputed, _("in dispute")),
            (line.promised, _("promised for a day that is not over")),
            (line.announced, _("announced as paid")),
        ]
        why = ", ".join(words for amount, words in parts if amount)
        return _("What is open of it is %(why)s.") % {"why": why}
    if line.on_account + line.expected >= line.chased:
        return _("%(cash)s on account or announced could pay it.") % facts
    if line.allocated and line.chased <= settings.WRITE_OFF_TOLERANCE:
        return _("Only %(open)s are missing: likely a bank fee.") % facts
    if line.invoice.due_on < on - OLDEST_DUES:
        return _("It is too long ago for reminders.")
    return ""


def stops(keys: Sequence[int], *, on: date) -> Mapping[int, str]:
    """Say of lines what keeps them from being reminded of today."""
    rows = chased_lines(on=on).filter(pk__in=keys).select_related("invoice")
    found = {line.pk: stops_of(line, on=on) for line in rows}
    gone = {key: _("Its invoice asks for nothing any more.") for key in keys}
    return {key: words for key, words in {**gone, **found}.items() if words}


@dataclass(frozen=True)
class Climbed:
    """One rung of the ladder of a line: its day, and what came of it or will."""

    rung: Rung
    planned_on: date
    outcome: Outcome
    delivery: ReminderDelivery | None = None


@dataclass(frozen=True)
class Ladder:
    """The reminders of one line: those made, and unless they stop, those to come."""

    line: Any
    rungs: Sequence[Climbed]
    stop: str


def lines_reminded_of(invoice: Invoice, *, on: date) -> Any:
    """Return the lines of an issued invoice, with what their ladders are told by."""
    chosen = ReminderPreference.objects.filter(
        organization=OuterRef("invoice__organization")
    )
    rows = chased_lines(on=on).filter(invoice=invoice)
    return rows.annotate(notice=Subquery(chosen.values("first_notice")))


def ladders_of(
    invoice: Invoice, lines: Sequence[InvoiceLine], *, on: date
) -> list[Ladder]:
    """Return the ladder of each of the first `lines_reminded_of`; three statements."""
    lines = lines[:MOST_LADDERS]
    if not lines:
        return []
    member = invoice.organization_id
    notice: Any = lines[0]
    notices = {member: notice.notice} if notice.notice else {}
    known = Ladders(versions(on=on, of=invoice), on, notices)
    own = known.of(member, invoice.pk)
    made = _made([line.pk for line in lines], on)
    return [_ladder(line, own, made, on) for line in lines]


def _made(keys: Iterable[int], on: date) -> Mapping[tuple[int, str], ReminderDelivery]:
    """Return the last delivery of each line and rung."""
    rows = ReminderDelivery.objects.filter(rule=DUES_RULE, subject_id__in=list(keys))
    found = with_outcome(rows, on=on).order_by("cycle", "pk")
    return {(row.subject_id, row.rung): row for row in found}


def _ladder(
    line: Any, own: Sequence[Rung], made: Mapping[Any, ReminderDelivery], on: date
) -> Ladder:
    stop = stops_of(line, on=on)
    rungs: list[Climbed] = []
    for rung in RUNGS:
        delivery = made.get((line.pk, rung.key))
        if delivery is not None:
            told = outcome_of(delivery, on=on)
            rungs.append(Climbed(rung, delivery.planned_on, told, delivery))
        elif not rung.stands_alone and not stop:
            rungs += _coming(line, [one for one in own if one.key == rung.key], on)
    return Ladder(line, rungs, stop)


def _coming(line: Any, rungs: Sequence[Rung], on: date) -> list[Climbed]:
    """Return the rung that is ahead: of one that changes, as it is on its day."""
    for rung in rungs:
        due = line.invoice.due_on + timedelta(days=rung.days)
        if rung.counts_on(due):
            return [Climbed(rung, due, _ahead(due, on))]
    return []


def _ahead(due: date, on: date) -> Outcome:
    if due < on:
        words = _("It was not planned on its day.")
        return Outcome("none", _("Not sent"), words)
    words = _("Falls due on %(day)s, if it still holds then.")
    return Outcome("none", _("Ahead"), words % {"day": written_day(due)})


def sent_about(invoice: Invoice) -> list[ReminderDelivery]:
    """Return the reminders that went out about an invoice, the newest first."""
    rows = ReminderDelivery.objects.filter(
        rule=DUES_RULE,
        subject_id__in=invoice.lines.values("pk"),
        state=ReminderState.WRITTEN,
        message__state=MessageState.SENT,
    )
    newest = rows.select_related("message").order_by("-message__sent_at", "-pk")
    rule, sent = rule_named(DUES_RULE), list(newest[:MOST_LADDERS])
    for one in sent:
        row: Any = one
        row.step = str((rule and rule.rung(one.rung)) or one.rung)
    return sent
