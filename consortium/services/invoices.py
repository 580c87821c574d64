"""Draft an invoice, approve it, issue it; void it while nothing is applied to it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, tasklist
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    CreditNote,
    Instalment,
    Invoice,
    InvoiceLine,
    InvoiceReturn,
    Organization,
    PurchaseOrder,
)
from ..states import CreditNoteState, InvoiceState
from ..verbs import Verb
from . import ledger
from .credit_notes import give_up_credit_note, issue_with, left_of, write_credit_note
from .interests import require_no_interest
from .invoice_mails import tell_approvers, tell_drafter, tell_of_invoice
from .issuing import put_invoice_in_force
from .organizations import lock_organization, lock_organizations
from .readiness import Lack, NotReady, lacks_of, order_for, payer_of

#: The task to put right what payables of a member rejected.
REJECTED = "consortium.invoice_rejected"


class NothingToInvoice(Refusal):
    code = "nothing_to_invoice"


class NotToInvoice(Refusal):
    code = "not_to_invoice"


class NotADraftInvoice(Refusal):
    code = "not_a_draft"


class DraftedByYourself(Refusal):
    code = "drafted_by_yourself"


class InstalmentEnded(Refusal):
    code = "instalment_ended"


class SomethingApplied(Refusal):
    code = "something_applied"


class NotIssued(Refusal):
    code = "not_issued"


class OrderOfAnother(Refusal):
    code = "order_of_another"
    field = "order"


class DueBeforeIssue(Refusal):
    code = "due_before_issue"
    field = "due_on"


@transaction.atomic
def draft_invoice(
    organization: Organization,
    *,
    instalments: Iterable[Instalment],
    order: PurchaseOrder | None = None,
    due_on: date | None = None,
    note: str = "",
    today: date,
    at: datetime,
    by: User,
) -> Invoice:
    """
    Write an invoice for instalments of a member, to be approved by somebody else.

    Without a due day it follows from the instalments and the terms, once issued. An
    order is found where the member needs one and none is given.

    :raises NothingToInvoice: without instalments.
    :raises NotToInvoice: if one is invoiced, cancelled or of another member.
    :raises NotReady: if nobody wrote down to whom it goes.
    :raises OrderOfAnother: if the purchase order is of another member.
    """
    lock_organization(organization)
    content: dict[str, Any] = {"order": order, "due_on": due_on, "note": note}
    invoice = _draft(organization, instalments, **content, today=today, at=at, by=by)
    tell_approvers([invoice], at=at, by=by)
    return invoice


@transaction.atomic
def draft_invoices(
    instalments: Iterable[Instalment], *, at: datetime, by: User, **content: Any
) -> list[Invoice]:
    """
    Write an invoice for each member and currency of some instalments, or none of them.

    Whoever approves is told of all in one mail. It takes and refuses what
    `draft_invoice` does.
    """
    members = by_member(instalments)
    if not members:
        raise NothingToInvoice(_("Choose what is to be invoiced."))
    lock_organizations(*(organization for organization, _rows in members))
    invoices = [
        _draft(organization, rows, **content, at=at, by=by)
        for organization, rows in members
    ]
    tell_approvers(invoices, at=at, by=by)
    return invoices


def by_member(
    instalments: Iterable[Instalment],
) -> list[tuple[Organization, list[Instalment]]]:
    """Return instalments by the member and the currency of each."""
    found: dict[tuple[int, str], tuple[Organization, list[Instalment]]] = {}
    for row in instalments:
        key = (row.organization.pk, row.commitment_year.currency)
        found.setdefault(key, (row.organization, []))[1].append(row)
    return list(found.values())


def _draft(
    organization: Organization,
    instalments: Iterable[Instalment],
    *,
    order: PurchaseOrder | None = None,
    due_on: date | None = None,
    note: str = "",
    today: date,
    at: datetime,
    by: User,
) -> Invoice:
    """Write a draft of a member that is held."""
    rows = _to_invoice(organization, instalments)
    content = _content(organization, rows, order=order, on=today)
    invoice = Invoice.objects.create(
        organization=organization,
        currency=rows[0].commitment_year.currency,
        **content,
        due_on=due_on,
        note=note,
        drafted_at=at,
        drafted_by=by,
    )
    _write_lines(invoice, rows)
    journal.record(Verb.INVOICE_DRAFTED, invoice, by=by, organization=organization)
    return invoice


@transaction.atomic
def change_invoice(
    invoice: Invoice,
    *,
    order: PurchaseOrder | None = None,
    due_on: date | None = None,
    note: str = "",
    today: date,
    at: datetime,
    by: User,
    version: int | None = None,
) -> Invoice:
    """
    Change a draft; to whom it goes is taken anew from the payer profile.

    Whoever approves is told once what was sent back is changed.

    :raises NotADraftInvoice: once approved.
    :raises EditConflict: if somebody changed it since ``version``.

    Else refuses what `draft_invoice` refuses.
    """
    invoice = lock_invoice(invoice)
    if invoice.state != InvoiceState.DRAFT:
        raise NotADraftInvoice(_("Only a draft is changed; have it sent back first."))
    rows = [line.instalment for line in _lines_of(invoice)]
    content = _content(invoice.organization, rows, order=order, on=today)
    waited = invoice.returns.filter(version=invoice.version).exists()
    changed = invoice.edit(version, **content, due_on=due_on, note=note)
    if changed:
        invoice.changed_by = by
        invoice.save(update_fields=["changed_by"])
        facts = {"fields": sorted(changed)}
        journal.record(Verb.INVOICE_CHANGED, invoice, by=by, **facts)
    if changed and waited:
        tell_approvers([invoice], at=at, by=by)
    return invoice


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
    :raises DraftedByYourself: if ``by`` drafted it, or changed it last.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises InstalmentEnded: if an instalment of it was cancelled.
    :raises NotReady: if something is missing without which it cannot go out.
    """
    invoice = lock_invoice(invoice)
    invoice.require(version)
    invoice.move_to(InvoiceState.APPROVED)
    require_another(invoice, by=by)
    require_no_interest(invoice.organization, on=today, by=by)
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
    :raises SomethingApplied: if something of it was paid, credited or written off.
    """
    invoice = lock_invoice(invoice)
    require_no_interest(invoice.organization, on=today, by=by)
    was_issued = invoice.state == InvoiceState.ISSUED
    if was_issued:
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


@transaction.atomic
def draft_anew(
    invoice: Invoice,
    *,
    reason: str,
    order: PurchaseOrder | None = None,
    due_on: date | None = None,
    today: date,
    at: datetime,
    by: User,
) -> Invoice:
    """
    Draft a credit note over all of an invoice, and another in its place.

    Both count once somebody else issues the new one. It keeps the due day of the old
    one, unless another is given (case 24).

    :raises NotIssued: if the invoice was not issued, or is void.
    :raises SomethingApplied: if it was paid or credited in part; take that back first.

    Else refuses what `draft_invoice` refuses.
    """
    invoice = lock_invoice(invoice)
    if invoice.state != InvoiceState.ISSUED:
        raise NotIssued(_("Only an issued invoice is issued anew."))
    require_nothing_applied(invoice)
    taken = left_of(invoice)
    rows = [one.line.instalment for one in taken]
    content = _content(invoice.organization, rows, order=order, on=today)
    anew = Invoice.objects.create(
        organization=invoice.organization,
        replaces=invoice,
        currency=invoice.currency,
        **content,
        due_on=due_on or invoice.due_on,
        note=invoice.note,
        drafted_at=at,
        drafted_by=by,
    )
    _write_lines(anew, rows)
    write_credit_note(invoice, taken, replacement=anew, reason=reason, at=at, by=by)
    journal.record(Verb.INVOICE_DRAFTED, anew, by=by, replaces=invoice)
    tell_approvers([anew], at=at, by=by)
    return anew


def put_right(invoice: Invoice, *, outcome: str, at: datetime, by: User) -> None:
    """Ask nobody any more to put right what the member's payables rejected."""
    tasklist.finish_about(REJECTED, invoice, outcome=outcome, at=at, by=by)


def lock_invoice(invoice: Invoice) -> Invoice:
    """Hold the member; return its invoice as it is now."""
    lock_organization(invoice.organization)
    rows = Invoice.objects.select_related("organization", "order", "replaces", "entry")
    found: Invoice = rows.get(pk=invoice.pk)
    return found


def require_another(invoice: Invoice, *, by: User | None) -> None:
    """
    :raises DraftedByYourself: if ``by`` is who drafted it, or changed it last, by any
        of their accounts.
    """
    if by is None:
        return
    if by.is_same_person(invoice.drafted_by) or by.is_same_person(invoice.changed_by):
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


def _to_invoice(
    organization: Organization, instalments: Iterable[Instalment]
) -> Sequence[Instalment]:
    asked = {one.pk for one in instalments}
    if not asked:
        raise NothingToInvoice(_("Choose what is to be invoiced."))
    rows = Instalment.objects.filter(
        pk__in=asked, commitment_year__agreement__organization=organization
    )
    found = list(rows.to_invoice().select_related("commitment_year"))
    if len(found) < len(asked):
        raise NotToInvoice(_("One of these is invoiced already, or was cancelled."))
    return found


def _content(
    organization: Organization,
    rows: Sequence[Instalment],
    *,
    order: PurchaseOrder | None,
    on: date,
) -> dict[str, Any]:
    """Return to whom an invoice goes, on which terms and under which order."""
    profile = payer_of(organization)
    if profile is None:
        raise NotReady(_("Nobody has written down to whom the invoice goes."))
    if order and order.organization_id != organization.pk:
        raise OrderOfAnother(_("This purchase order is of another member."))
    if order is None and profile.needs_order:
        amount = sum((row.amount for row in rows), Decimal())
        order = order_for(organization, amount, on=on)
    copied = ["bill_to_entity", "bill_to_address", "attention", "terms_days"]
    copied += ["channel", "supplier_portal"]
    content: dict[str, Any] = {name: getattr(profile, name) for name in copied}
    return content | {"order": order, "order_number": order.number if order else ""}


def _write_lines(invoice: Invoice, rows: Iterable[Instalment]) -> None:
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            instalment=row,
            commitment_year=row.commitment_year,
            description=_("Membership fee, instalment of %(day)s")
            % {"day": written_day(row.due_on)},
            amount=row.amount,
        )
        for row in rows
    )


def _lines_of(invoice: Invoice) -> Sequence[InvoiceLine]:
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
    lines = _lines_of(invoice) if lines is None else lines
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
    first = min(line.instalment.due_on for line in _lines_of(invoice))
    return max(first, today + timedelta(days=invoice.terms_days))
