"""Approve an invoice, issue it; void it while nothing is applied to it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    CreditNote,
    Invoice,
    InvoiceLine,
    InvoiceReturn,
    PurchaseOrder,
)
from ..states import CreditNoteState, InvoiceState
from ..ties import accounts_of
from ..verbs import Verb
from . import ledger
from .credit_notes import give_up_credit_note, issue_with
from .interests import require_no_interest
from .invoice_mails import tell_drafter, tell_of_invoice
from .issuing import put_invoice_in_force
from .organizations import lock_organization
from .readiness import Lack, NotReady, lacks_of, payer_of
from .rejections import put_right


class IssuedByItsVoider(Refusal):
    code = "issued_by_its_voider"


class DraftedByYourself(Refusal):
    code = "drafted_by_yourself"


class SentBack(Refusal):
    code = "sent_back"


class InstalmentEnded(Refusal):
    code = "instalment_ended"


class SomethingApplied(Refusal):
    code = "something_applied"


class NotIssued(Refusal):
    code = "not_issued"


class DueBeforeIssue(Refusal):
    code = "due_before_issue"
    field = "due_on"


@transaction.atomic
def approve_invoice(
    invoice: Invoice,
    *,
    today: date,
    at: datetime,
    by: User,
    version: int | None = None,
) -> Invoice:
    """
    Approve a draft, by somebody who did not make it; it stays as it was seen.

    :raises IllegalTransition: if it is no draft.
    :raises EditConflict: if it changed since ``version``.
    :raises DraftedByYourself: if ``by`` drafted it, or changed it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises SentBack: if somebody else sent it back, and nobody changed it since.
    :raises InstalmentEnded: if an instalment of it was cancelled.
    :raises NotReady: if something is missing without which it cannot go out.
    """
    invoice = lock_invoice(invoice)
    invoice.require(version)
    invoice.move_to(InvoiceState.APPROVED)
    require_another(invoice, by=by)
    require_no_interest(invoice.organization, on=today, by=by)
    returned = invoice.returns.last()
    if returned and returned.keeps_from(by):
        raise SentBack(_("Somebody sent this back; it is changed before."))
    _require_sound(invoice, on=today)
    invoice.approved_at, invoice.approved_by = at, by
    invoice.version += 1
    invoice.save(update_fields=["state", "approved_at", "approved_by", "version"])
    journal.record(Verb.INVOICE_APPROVED, invoice, by=by)
    return invoice


@transaction.atomic
def send_back_invoice(
    invoice: Invoice, *, reason: str, today: date, at: datetime, by: User
) -> Invoice:
    """
    Say why an invoice cannot go out so; whoever drafted it is told, and changes it.

    What was approved is a draft again.

    :raises IllegalTransition: if it is issued, or void.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    invoice = lock_invoice(invoice)
    require_no_interest(invoice.organization, on=today, by=by)
    if invoice.state != InvoiceState.DRAFT:
        invoice.move_to(InvoiceState.DRAFT)
        invoice.approved_at = invoice.approved_by = None
        invoice.version += 1
        invoice.save(update_fields=["state", "approved_at", "approved_by", "version"])
    InvoiceReturn.objects.create(
        invoice=invoice,
        version=invoice.version,
        reason=reason,
        returned_at=at,
        returned_by=by,
    )
    journal.record(Verb.INVOICE_SENT_BACK, invoice, by=by)
    tell_drafter(invoice, reason=reason, at=at, by=by)
    return invoice


@transaction.atomic
def issue_invoice(invoice: Invoice, *, today: date, at: datetime, by: User) -> Invoice:
    """
    Issue an approved invoice: it takes the next number, and is frozen with its PDF.

    What it replaces is credited in the same act, by the credit note that was drafted
    with it.

    :raises IllegalTransition: if it is not approved, or issued already.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises DraftedByYourself: if ``by`` drafted the credit note that goes with it.
    :raises InstalmentEnded: if an instalment of it was cancelled.
    :raises NotReady: if its purchase order ended, or is exhausted.
    :raises DueBeforeIssue: if the day on which it is to be due has passed.
    """
    invoice = lock_invoice(invoice)
    if InvoiceState.ISSUED not in invoice.next_states:
        invoice.move_to(InvoiceState.ISSUED)
    require_no_interest(invoice.organization, on=today, by=by)
    if invoice.replaces:
        issue_with(invoice, today=today, at=at, by=by)
        put_right(invoice.replaces, outcome=_("It was issued anew."), at=at, by=by)
    _require_sound(invoice, on=today)
    invoice.due_on = invoice.due_on or _due_on(invoice, today)
    if invoice.due_on < today and not invoice.replaces_id:
        raise DueBeforeIssue(_("The day on which it is to be due has passed."))
    put_invoice_in_force(invoice, today=today, at=at, by=by)
    journal.record(
        Verb.INVOICE_ISSUED,
        invoice,
        by=by,
        number=invoice.number,
        due_on=invoice.due_on,
        amount=_sum_of(invoice),
        sha256=invoice.pdf.sha256,
    )
    tell_of_invoice(invoice, amount=_sum_of(invoice), today=today, at=at)
    return invoice


@transaction.atomic
def void_invoice(
    invoice: Invoice, *, reason: str, today: date, at: datetime, by: User
) -> Invoice:
    """
    Give up a draft, or make an issued invoice void by the mirror of its entry.

    A number that was taken stays taken; the instalments can be invoiced again.

    :raises IllegalTransition: if it was voided before.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises IssuedByItsVoider: if ``by`` issued it.
    :raises SomethingApplied: if something of it was paid, credited or written off.
    """
    invoice = lock_invoice(invoice)
    require_no_interest(invoice.organization, on=today, by=by)
    was_issued = invoice.state == InvoiceState.ISSUED
    if was_issued:
        if by is not None and by.is_same_person(invoice.issued_by):
            raise IssuedByItsVoider(_("You issued this; somebody else voids it."))
        require_nothing_applied(invoice)
    invoice.move_to(InvoiceState.VOIDED)
    if was_issued and invoice.entry:
        ledger.reverse(invoice.entry, value_on=today, reason=reason, by=by, at=at)
        put_right(invoice, outcome=_("It is void."), at=at, by=by)
    elif invoice.replaces_id:
        give_up_credit_note(invoice.credit_note, by=by)
    invoice.voided_at, invoice.voided_by, invoice.voided_because = at, by, reason
    invoice.version += 1
    invoice.save()
    journal.record(Verb.INVOICE_VOIDED, invoice, by=by, number=invoice.number)
    return invoice


def lock_invoice(invoice: Invoice) -> Invoice:
    """Hold the member; return its invoice as it is now."""
    lock_organization(invoice.organization)
    rows = Invoice.objects.select_related("organization", "order", "replaces", "entry")
    found: Invoice = rows.get(pk=invoice.pk)
    return found


def require_another(invoice: Invoice, *, by: User | None) -> None:
    """
    :raises DraftedByYourself: if ``by`` is who drafted it, or changed it, by any of
        their accounts.
    """
    if by is None:
        return
    wrote = set(invoice.changers) & set(accounts_of(by))
    if by.is_same_person(invoice.drafted_by) or wrote:
        raise DraftedByYourself(_("You wrote this; somebody else approves it."))


def require_nothing_applied(invoice: Invoice) -> None:
    """
    :raises SomethingApplied: if something settles it, or is about to.
    """
    found = Invoice.objects.with_open().get(pk=invoice.pk)
    drafts = invoice.credit_notes.filter(state=CreditNoteState.DRAFT)
    if found.open_amount < found.asked or drafts.exists():
        raise SomethingApplied(
            _("Something of this invoice was paid or credited; take that back first.")
        )


def lines_of(invoice: Invoice) -> Sequence[InvoiceLine]:
    """Return the lines of an invoice, each with whether its instalment stands."""
    return list(invoice.lines.select_related("instalment__cancellation"))


def _sum_of(invoice: Invoice) -> Decimal:
    return sum((line.amount for line in invoice.lines.all()), Decimal())


def lacks_of_invoice(
    invoice: Invoice, *, on: date, lines: Sequence[InvoiceLine] | None = None
) -> list[Lack]:
    """
    Return what is missing before an invoice can go out, each in words.

    ``lines`` are all of its lines, where they were read before.
    """
    lines = lines_of(invoice) if lines is None else lines
    if any(hasattr(line.instalment, "cancellation") for line in lines):
        words = _("An instalment of this invoice was cancelled; draft anew.")
        return [Lack(InstalmentEnded.code, words, blocks=True)]
    orders = PurchaseOrder.objects.with_left()
    order = orders.get(pk=invoice.order_id) if invoice.order_id else None
    amount = sum((line.amount for line in lines), Decimal())
    if order and invoice.replaces and invoice.replaces.order_id == order.pk:
        amount -= _still_asked(invoice.credit_note)
    profile = payer_of(invoice.organization)
    return lacks_of(amount, profile=profile, order=order, on=on)


def _require_sound(invoice: Invoice, *, on: date) -> None:
    """Insist that what an invoice asks for is in force, and that its order reaches."""
    blocking = [lack for lack in lacks_of_invoice(invoice, on=on) if lack.blocks]
    if not blocking:
        return
    is_ended = blocking[0].code == InstalmentEnded.code
    refusal = InstalmentEnded if is_ended else NotReady
    raise refusal(" ".join(lack.words for lack in blocking))


def _still_asked(note: CreditNote) -> Decimal:
    """Return what a draft will free of its order, once it is issued."""
    if note.state != CreditNoteState.DRAFT:
        return Decimal()
    return sum((line.amount for line in note.lines.all()), Decimal())


def _due_on(invoice: Invoice, today: date) -> date:
    """Return when what is issued today is due: never before its terms are over."""
    first = min(line.instalment.due_on for line in lines_of(invoice))
    return max(first, today + timedelta(days=invoice.terms_days))
