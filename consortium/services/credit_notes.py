"""Take back something of an issued invoice: drafted by one, issued by another."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import CreditNote, CreditNoteLine, Instalment, Invoice, InvoiceLine
from ..models.invoices import InvoiceLineQuerySet
from ..states import CreditNoteState, InvoiceState
from ..verbs import Verb
from .interests import require_no_interest
from .invoice_mails import tell_of_credit_note, tell_second
from .issuing import put_credit_note_in_force
from .ledger import require_amount
from .organizations import lock_organization


class CreditsNothing(Refusal):
    code = "credits_nothing"


class NotCreditable(Refusal):
    code = "not_creditable"


class AboveLine(Refusal):
    code = "above_line"
    field = "amount"


class CreditDraftedByYourself(Refusal):
    code = "credit_drafted_by_yourself"


class CreditedByItsIssuer(Refusal):
    code = "credited_by_its_issuer"


class IssuedTogether(Refusal):
    code = "issued_together"


class Taken(NamedTuple):
    """So much of a line, maybe because an instalment below zero says so."""

    line: InvoiceLine
    amount: Decimal
    instalment: Instalment | None = None


@transaction.atomic
def draft_credit_note(
    invoice: Invoice, *, taken: Sequence[Taken], reason: str, at: datetime, by: User
) -> CreditNote:
    """
    Write down what is to be taken back of an issued invoice, and why.

    :raises NotCreditable: if the invoice was not issued, or is void.
    :raises CreditsNothing: without a line.
    :raises NotAnAmount: unless each amount is more than nothing, in whole cents.
    :raises AboveLine: if more is taken back of a line than is open of it.
    """
    organization = lock_organization(invoice.organization)
    require_no_interest(organization, on=localdate(at), by=by)
    invoice = Invoice.objects.select_related("organization").get(pk=invoice.pk)
    if invoice.state != InvoiceState.ISSUED:
        raise NotCreditable(_("Only of an issued invoice is something taken back."))
    if not taken:
        raise CreditsNothing(_("Say what is taken back."))
    left = {one.line.pk: one.amount for one in left_of(invoice)}
    for one in taken:
        require_amount(one.amount)
        if one.amount > left.get(one.line.pk, Decimal()):
            raise AboveLine(_("More would be taken back than is left of a line."))
    note = write_credit_note(invoice, taken, reason=reason, at=at, by=by)
    tell_second(note, amount=_sum_of(taken), at=at, by=by)
    return note


@transaction.atomic
def draft_credits_of(
    instalment: Instalment, *, reason: str, at: datetime, by: User
) -> list[CreditNote]:
    """
    Draft the credit notes by which an instalment below zero is taken back.

    It is taken of the invoices of its year, the last due first (case 5).

    :raises CreditsNothing: if it takes nothing back, or all of it is drafted.
    :raises AboveLine: if less was invoiced for its year.
    """
    lock_organization(instalment.commitment_year.agreement.organization)
    used = CreditNoteLine.objects.filter(instalment=instalment).exclude(
        credit_note__state=CreditNoteState.ABANDONED
    )
    drafted = used.aggregate(sum=Sum("amount"))["sum"] or Decimal()
    rest = -instalment.amount - drafted
    if rest <= 0:
        raise CreditsNothing(_("Nothing of this instalment is left to take back."))
    taken = [*_latest(instalment, rest)]
    if _sum_of(taken) < rest:
        raise AboveLine(_("Less was invoiced for this year than is to be taken back."))
    notes = []
    for invoice, found in groupby(taken, key=lambda one: one.line.invoice):
        parts = [*found]
        note = write_credit_note(invoice, parts, reason=reason, at=at, by=by)
        tell_second(note, amount=_sum_of(parts), at=at, by=by)
        notes.append(note)
    return notes


def _sum_of(taken: Iterable[Taken]) -> Decimal:
    return sum((one.amount for one in taken), Decimal())


def _latest(instalment: Instalment, rest: Decimal) -> Iterator[Taken]:
    lines = InvoiceLine.objects.issued().select_related("invoice__organization")
    of_year = lines.filter(commitment_year=instalment.commitment_year_id)
    for line, left in _left(of_year.order_by("-invoice__due_on", "-invoice", "-pk")):
        amount = min(left, rest)
        rest -= amount
        if amount:
            yield Taken(line, amount, instalment)


def left_of(invoice: Invoice) -> list[Taken]:
    """Return what of each line of an invoice is open, and not about to be credited."""
    lines = invoice.lines.select_related("instalment__commitment_year")
    return [Taken(line, left) for line, left in _left(lines) if left]


def _left(lines: InvoiceLineQuerySet) -> Iterator[tuple[InvoiceLine, Decimal]]:
    """Yield what is open of each line, less what drafts are to take back."""
    rows = list(lines.with_open())
    drafts = CreditNoteLine.objects.filter(
        credit_note__state=CreditNoteState.DRAFT, line__in=rows
    ).order_by()
    sums = dict(drafts.values_list("line").annotate(Sum("amount")))
    for line in rows:
        yield line, line.open_amount - sums.get(line.pk, Decimal())


def write_credit_note(
    invoice: Invoice,
    taken: Iterable[Taken],
    *,
    reason: str,
    replacement: Invoice | None = None,
    at: datetime,
    by: User,
) -> CreditNote:
    """Write a draft, of a locked member, for what is left of the lines."""
    note = CreditNote.objects.create(
        invoice=invoice,
        replacement=replacement,
        currency=invoice.currency,
        reason=reason,
        drafted_at=at,
        drafted_by=by,
    )
    CreditNoteLine.objects.bulk_create(
        CreditNoteLine(credit_note=note, **one._asdict()) for one in taken
    )
    journal.record(Verb.CREDIT_NOTE_DRAFTED, note, by=by, invoice=invoice)
    return note


@transaction.atomic
def issue_credit_note(
    note: CreditNote, *, today: date, at: datetime, by: User
) -> CreditNote:
    """
    Issue a drafted credit note: so much less is owed from now on.

    :raises IllegalTransition: if it was issued before, or abandoned.
    :raises IssuedTogether: if it is issued with the invoice in the old one's place.
    :raises CreditDraftedByYourself: if ``by`` drafted it.
    :raises CreditedByItsIssuer: if ``by`` issued the invoice.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises AboveLine: if something was applied meanwhile of what it takes back.
    """
    note = _locked(note)
    if note.replacement_id:
        raise IssuedTogether(_("Issue the new invoice; this goes with it."))
    if by is not None and by.is_same_person(note.invoice.issued_by):
        raise CreditedByItsIssuer(
            _("You issued the invoice; somebody else takes something of it back.")
        )
    return _issue(note, today=today, at=at, by=by)


def issue_with(
    replacement: Invoice, *, today: date, at: datetime, by: User
) -> CreditNote:
    """Issue the credit note that was drafted with an invoice, beside it."""
    note = _issue(_locked(replacement.credit_note), today=today, at=at, by=by)
    replacement.credit_note = note
    return note


def _issue(note: CreditNote, *, today: date, at: datetime, by: User) -> CreditNote:
    if CreditNoteState.ISSUED not in note.next_states:
        note.move_to(CreditNoteState.ISSUED)
    if by is not None and by.is_same_person(note.drafted_by):
        raise CreditDraftedByYourself(
            _("You drafted the credit note; somebody else issues it.")
        )
    require_no_interest(note.invoice.organization, on=today, by=by)
    _require_open(note)
    put_credit_note_in_force(note, today=today, at=at, by=by)
    amount = sum((line.amount for line in note.lines.all()), Decimal())
    facts = {"number": note.number, "amount": amount, "invoice": note.invoice}
    journal.record(
        Verb.CREDIT_NOTE_ISSUED, note, by=by, **facts, sha256=note.pdf.sha256
    )
    if not note.replacement_id:
        tell_of_credit_note(note, amount=amount, today=today, at=at)
    return note


def _require_open(note: CreditNote) -> None:
    """
    :raises AboveLine: if something was applied meanwhile of what it takes back.
    """
    taken = dict(note.lines.values_list("line", "amount"))
    for line in InvoiceLine.objects.filter(pk__in=taken).with_open():
        if line.open_amount < taken[line.pk]:
            raise AboveLine(_("Less of a line is open; take back what was applied."))


@transaction.atomic
def abandon_credit_note(note: CreditNote, *, by: User) -> CreditNote:
    """
    Give up a drafted credit note.

    :raises IllegalTransition: if it was issued, or abandoned before.
    :raises IssuedTogether: if it goes with an invoice, which is given up instead.
    """
    note = _locked(note)
    if note.replacement_id:
        raise IssuedTogether(_("Give up the new invoice; this goes with it."))
    return give_up_credit_note(note, by=by)


def give_up_credit_note(note: CreditNote, *, by: User) -> CreditNote:
    note.move_to(CreditNoteState.ABANDONED)
    note.save(update_fields=["state"])
    journal.record(Verb.CREDIT_NOTE_ABANDONED, note, by=by)
    return note


def _locked(note: CreditNote) -> CreditNote:
    """Hold the member; return its credit note as it is now."""
    lock_organization(note.invoice.organization)
    rows = CreditNote.objects.select_related("invoice__organization", "drafted_by")
    found: CreditNote = rows.get(pk=note.pk)
    return found
