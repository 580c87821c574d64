"""Count what is paid of a fee toward its year, and take that back with the payment."""

from datetime import date, datetime

from django.db.models import Sum
from django.utils import timezone

from inm_portal.accounts.models import User
from inm_portal.kernel import journal

from ..models import (
    Allocation,
    Category,
    ContributionCredit,
    EntryKind,
    Evidence,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    WriteOff,
)
from ..states import ClaimState
from ..verbs import Verb
from .entries import carry_excess, enter
from .ledger import reverse
from .organizations import lock_organizations
from .reversals import take_back
from .sweeping import apart


def count_fee(
    row: Allocation | WriteOff, *, at: datetime, by: User | None
) -> ContributionCredit | None:
    """
    Credit the year of a line with what was paid of it, once the year has begun.

    The caller holds the member. A year that is paid ahead is credited when it
    opens (`credit_opened_years`, W2); bad debt counts for nothing.
    """
    today = timezone.localdate(at)
    if not type(row).objects.to_count(on=today).filter(pk=row.pk).exists():
        return None
    year, entry = row.line.commitment_year, row.entry
    credit = ContributionCredit(
        organization=row.line.invoice.organization,
        commitment_year=year,
        category=Category.FEE,
        evidence=_evidence(row.line.invoice, at=at),
        amount=row.amount,
        currency=year.currency,
        contributed_on=row.paid_on,
        what_for=_what_for(row.line),
        posting=entry,
        claimed_at=at,
    )
    credit.save()
    for state in (ClaimState.UNDER_REVIEW, ClaimState.DECIDED):
        credit.move_to(state)
        if state == ClaimState.DECIDED:
            credit.accepted, credit.decided_at = row.amount, at
        credit.save(update_fields=["state", "accepted", "decided_at"])
    enter(
        credit,
        EntryKind.ACCEPTED,
        amount=row.amount,
        value_on=max(row.paid_on, year.starts_on),
        at=at,
        by=by,
    )
    facts = {"accepted": row.amount, "invoice": row.line.invoice}
    journal.record(Verb.FEE_CREDITED, credit, by=by, **facts)
    carry_excess(year.agreement, at=at, today=today, by=by)
    return credit


def _evidence(invoice: Invoice, *, at: datetime) -> Evidence:
    """Return an invoice of INM as the document that shows what is paid of it."""
    if shown := Evidence.objects.filter(invoice=invoice).first():
        return shown
    lines = InvoiceLine.objects.filter(invoice=invoice)
    total = lines.aggregate(sum=Sum("amount"))["sum"]
    told = {"payer": invoice.bill_to_entity, "number": invoice.number}
    told |= {"dated_on": invoice.issued_on, "currency": invoice.currency}
    of_member = {"organization": invoice.organization, "recorded_at": at}
    return Evidence.objects.create(invoice=invoice, amount=total, **told, **of_member)


def _what_for(line: InvoiceLine) -> str:
    return f"{line.invoice.number}, {line.description}"[:500]


def reverse_payment(
    entry: LedgerEntry, *, value_on: date, reason: str, at: datetime, by: User
) -> None:
    """
    Reverse what settled a line, and with it what its year was credited (case 23).

    The caller holds the member.

    :raises AlreadyReversed: if it was taken back.
    """
    reversal = reverse(entry, value_on=value_on, reason=reason, by=by, at=at)
    credits = ContributionCredit.objects.filter(posting=entry).with_outcome()
    credit = credits.select_related(
        "organization", "commitment_year__agreement"
    ).first()
    if credit is not None:
        days = {"value_on": reversal.value_on, "today": timezone.localdate(at)}
        take_back(credit, **days, reason=reason, at=at, by=by)


def credit_opened_years(*, at: datetime) -> None:
    """
    Credit the years that have begun with what was paid of them before (W2).

    What fails holds up no other payment (`apart`).
    """
    today = timezone.localdate(at)
    for rows in (Allocation.objects, WriteOff.objects):
        waiting = rows.to_count(on=today).select_related(
            "line__invoice__organization", "line__commitment_year__agreement", "entry"
        )
        for row in waiting:
            with apart(row.line.commitment_year, at=at):
                lock_organizations(row.line.invoice.organization)
                count_fee(row, at=at, by=None)
