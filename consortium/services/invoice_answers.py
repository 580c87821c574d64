"""Record what becomes of an issued invoice: delivered, answered, disputed, promised."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, tasklist
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    AnswerKind,
    Channel,
    Contact,
    CreditNote,
    CustomerAnswer,
    DisputeResolution,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    PaymentPromise,
    PromiseWithdrawal,
    ResolutionKind,
)
from ..models.invoice_answers import promised_by_at_most
from ..states import CreditNoteState, InvoiceState
from ..verbs import Verb
from .interests import require_no_interest
from .invoices import NotIssued, lock_invoice
from .ledger import require_amount
from .payer_mails import tell_finance_if_member, tell_payers_of_outcome
from .rejections import REJECTED, put_right

#: The task to settle a dispute.
DISPUTED = "consortium.invoice_disputed"

#: How long INM takes at most to settle a dispute where nobody says otherwise.
SETTLED_WITHIN = timedelta(days=14)


class BeforeIssue(Refusal):
    code = "before_issue"


class InFuture(Refusal):
    code = "in_future"


class NoReasonGiven(Refusal):
    code = "no_reason"
    field = "reason"


class AboveInvoice(Refusal):
    code = "above_invoice"
    field = "amount"


class PromisedInPast(Refusal):
    code = "promised_in_past"
    field = "pay_on"


class PromisedTooFar(Refusal):
    code = "promised_too_far"
    field = "pay_on"


class PromisedByAnother(Refusal):
    code = "promised_by_another"
    field = "contact"


class AlreadySettled(Refusal):
    code = "already_settled"


class OtherCreditNote(Refusal):
    code = "other_credit_note"
    field = "credit_note"


class SettledInPast(Refusal):
    code = "settled_in_past"
    field = "settle_by"


class AlreadyWithdrawn(Refusal):
    code = "already_withdrawn"


class NumberTaken(Refusal):
    code = "number_taken"
    field = "external_number"


@transaction.atomic
def note_number(invoice: Invoice, *, external_number: str, by: User | None) -> Invoice:
    """
    Note the number by which MIT's accounts receivable know an invoice (domain.md 3.5).

    It may be corrected, or taken back by none; the invoice itself stays as it was.

    :raises NotIssued: if it was not issued, or is void.
    :raises NumberTaken: if another invoice has that number.
    """
    invoice = _issued(invoice)
    number = external_number.strip()
    if number == invoice.external_number:
        return invoice
    others = Invoice.objects.exclude(pk=invoice.pk)
    if number and (other := others.filter(external_number=number).first()):
        raise NumberTaken(
            _("%(invoice)s has this number already.") % {"invoice": other}
        )
    facts = {"before": invoice.external_number, "number": number}
    invoice.external_number = number
    try:
        with transaction.atomic():
            invoice.save(update_fields=["external_number"])
    except IntegrityError as error:
        raise NumberTaken(_("Another invoice has this number already.")) from error
    journal.record(Verb.INVOICE_NUMBER_NOTED, invoice, by=by, **facts)
    return invoice


@transaction.atomic
def deliver_invoice(
    invoice: Invoice,
    *,
    channel: Channel,
    delivered_on: date,
    reference: str = "",
    today: date,
    at: datetime,
    by: User,
) -> InvoiceDelivery:
    """
    Write down that an invoice was handed over, and how.

    :raises NotIssued: if it was not issued, or is void.
    :raises BeforeIssue: if that would have been before its issue.
    :raises InFuture: if the day lies ahead.
    """
    invoice = _issued(invoice)
    _require_past(invoice, delivered_on, today=today, field="delivered_on")
    delivery = InvoiceDelivery.objects.create(
        invoice=invoice,
        channel=channel,
        delivered_on=delivered_on,
        reference=reference,
        recorded_at=at,
        recorded_by=by,
    )
    facts = {"channel": channel, "on": delivered_on}
    journal.record(Verb.INVOICE_DELIVERED, invoice, by=by, **facts)
    return delivery


@transaction.atomic
def answer_invoice(
    invoice: Invoice,
    *,
    kind: AnswerKind,
    answered_on: date,
    reason: str = "",
    today: date,
    at: datetime,
    by: User,
) -> CustomerAnswer:
    """
    Write down that the member's payables accepted an invoice, or why they did not.

    A rejection opens a task for finance, which the next acceptance closes (case 26).

    :raises NotIssued: if it was not issued, or is void.
    :raises BeforeIssue: if that would have been before its issue.
    :raises InFuture: if the day lies ahead.
    :raises NoReasonGiven: if it was rejected without a reason.
    """
    invoice = _issued(invoice)
    _require_past(invoice, answered_on, today=today, field="answered_on")
    if kind == AnswerKind.REJECTED and not reason.strip():
        raise NoReasonGiven(_("Say why the invoice was rejected."))
    answer = CustomerAnswer.objects.create(
        invoice=invoice,
        kind=kind,
        answered_on=answered_on,
        reason=reason,
        recorded_at=at,
        recorded_by=by,
    )
    journal.record(Verb.INVOICE_ANSWERED, invoice, by=by, answer=kind, on=answered_on)
    _tell_answer(answer, at=at, by=by)
    if kind == AnswerKind.REJECTED:
        _ask_finance(invoice, today=today, by=by)
    else:
        put_right(invoice, outcome=_("The member accepted it."), at=at, by=by)
    return answer


def _tell_answer(answer: CustomerAnswer, *, at: datetime, by: User | None) -> None:
    invoice = answer.invoice
    facts = {"number": invoice.number, "reason": answer.reason}
    kind = f"invoice_{answer.kind}"
    tell_finance_if_member(kind, invoice, invoice.organization, at=at, by=by, **facts)


def _ask_finance(invoice: Invoice, *, today: date, by: User) -> None:
    facts = {"number": invoice.number, "company": invoice.organization.name}
    tasklist.open_task(
        REJECTED,
        invoice,
        what=_("Put invoice %(number)s right with %(company)s") % facts,
        why=_("The payables of %(company)s rejected it; it is not on its way.") % facts,
        due_on=today,
        url=invoice.get_absolute_url(),
        by=by,
    )


@transaction.atomic
def promise_payment(
    invoice: Invoice,
    *,
    pay_on: date,
    amount: Decimal,
    contact: Contact | None = None,
    today: date,
    at: datetime,
    by: User,
) -> PaymentPromise:
    """
    Write down by which day somebody at the member said that they pay.

    Without a contact, it is whoever at the member writes it down.

    :raises NotIssued: if it was not issued, or is void.
    :raises PromisedInPast: if the day is over.
    :raises PromisedTooFar: if it is more than 90 days past the due date and today.
    :raises PromisedByAnother: if the contact is of another company.
    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises AboveInvoice: if it is more than the invoice asks for.
    """
    invoice = _issued(invoice)
    if pay_on < today:
        raise PromisedInPast(_("This day is over."))
    last_on = promised_by_at_most(invoice, on=today)
    if pay_on > last_on:
        raise PromisedTooFar(
            _("Choose a day by %(day)s: a promise stops reminders, and not for longer.")
            % {"day": written_day(last_on)}
        )
    if contact and contact.organization_id != invoice.organization_id:
        raise PromisedByAnother(_("This contact is of another company."))
    _require_within(invoice, amount)
    contact = contact or _contact_of(by, invoice)
    promise = PaymentPromise.objects.create(
        invoice=invoice,
        pay_on=pay_on,
        amount=amount,
        contact=contact,
        recorded_at=at,
        recorded_by=by,
    )
    facts = {"pay_on": pay_on, "amount": amount}
    journal.record(Verb.PAYMENT_PROMISED, invoice, by=by, **facts)
    told = {"number": invoice.number, "amount": amount, "day": pay_on}
    member = invoice.organization
    tell_finance_if_member("payment_promised", invoice, member, at=at, by=by, **told)
    return promise


def _contact_of(person: User | None, invoice: Invoice) -> Contact | None:
    """Return as whom somebody at the member speaks."""
    people = Contact.objects.current().filter(organization=invoice.organization_id)
    return people.filter(user=person).first() if person else None


@transaction.atomic
def withdraw_promise(
    promise: PaymentPromise, *, at: datetime, by: User
) -> PaymentPromise:
    """
    Take back a promise to pay; the one before it counts again, if there is one.

    :raises AlreadyWithdrawn: if it was before.
    """
    invoice = lock_invoice(promise.invoice)
    if PromiseWithdrawal.objects.filter(promise=promise).exists():
        raise AlreadyWithdrawn(_("This promise was withdrawn before."))
    PromiseWithdrawal.objects.create(promise=promise, recorded_at=at, recorded_by=by)
    journal.record(Verb.PROMISE_WITHDRAWN, invoice, by=by, amount=promise.amount)
    told, member = {"number": invoice.number}, invoice.organization
    tell_finance_if_member("promise_withdrawn", invoice, member, at=at, by=by, **told)
    return promise


@transaction.atomic
def dispute_invoice(
    invoice: Invoice,
    *,
    amount: Decimal | None,
    reason: str,
    owner: User | None = None,
    settle_by: date | None = None,
    at: datetime,
    by: User,
) -> InvoiceDispute:
    """
    Write down what of an invoice the member does not accept; the rest stays due.

    Without an amount that is all of it that is not disputed yet. Its owner has a task
    until it is settled (case 27); without one, whoever takes it.

    :raises NotIssued: if it was not issued, or is void.
    :raises NoReasonGiven: without one.
    :raises SettledInPast: if it were to be settled on a day that is over.
    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises AboveInvoice: if more were disputed than the invoice asks for.
    """
    invoice = _issued(invoice)
    if not reason.strip():
        raise NoReasonGiven(_("Say what the member does not accept."))
    today = timezone.localdate(at)
    settle_by = settle_by or today + SETTLED_WITHIN
    if settle_by < today:
        raise SettledInPast(_("This day is over."))
    open_ = invoice.disputes.open().aggregate(sum=Sum("amount"))["sum"] or Decimal()
    if amount is None:
        amount = Invoice.objects.with_total().get(pk=invoice.pk).total - open_
    _require_within(invoice, amount, beside=open_)
    dispute = InvoiceDispute.objects.create(
        invoice=invoice,
        amount=amount,
        reason=reason,
        owner=owner,
        settle_by=settle_by,
        recorded_at=at,
        recorded_by=by,
    )
    facts = {"number": invoice.number, "company": invoice.organization.name}
    tasklist.open_task(
        DISPUTED,
        dispute,
        what=_("Settle the dispute of %(company)s about %(number)s") % facts,
        why=_("%(company)s does not accept part or all of the invoice.") % facts,
        due_on=settle_by,
        person=owner,
        url=dispute.get_absolute_url(),
        by=by,
    )
    journal.record(Verb.INVOICE_DISPUTED, invoice, by=by, amount=amount)
    member = invoice.organization
    tell_finance_if_member(
        *("invoice_disputed", dispute, member),
        at=at,
        by=by,
        to=[owner],
        number=invoice.number,
        amount=amount,
        reason=reason,
    )
    return dispute


@transaction.atomic
def settle_invoice_dispute(
    dispute: InvoiceDispute,
    *,
    reason: str,
    credit_note: CreditNote | None = None,
    at: datetime,
    by: User,
) -> DisputeResolution:
    """
    End a dispute: all of it is owed, or an issued credit note takes it back.

    :raises AlreadySettled: if it was settled before.
    :raises NoReasonGiven: without one.
    :raises OtherCreditNote: if the credit note is of another invoice, or not issued.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    invoice = lock_invoice(dispute.invoice)
    require_no_interest(invoice.organization, on=timezone.localdate(at), by=by)
    _require_open(dispute, reason)
    if credit_note and not _takes_back(credit_note, invoice):
        raise OtherCreditNote(_("Name an issued credit note of this invoice."))
    credited = credit_note is not None
    resolution = DisputeResolution.objects.create(
        dispute=dispute,
        kind=ResolutionKind.CREDITED if credited else ResolutionKind.KEPT,
        credit_note=credit_note,
        reason=reason,
        resolved_at=at,
        resolved_by=by,
    )
    outcome = str(resolution.get_kind_display())
    tasklist.finish_about(DISPUTED, dispute, outcome=outcome, at=at, by=by)
    facts = {"amount": dispute.amount, "outcome": resolution.kind}
    journal.record(Verb.INVOICE_DISPUTE_SETTLED, invoice, by=by, **facts)
    tell_payers_of_outcome(dispute, resolution, at=at)
    return resolution


@transaction.atomic
def withdraw_dispute(
    dispute: InvoiceDispute, *, reason: str, at: datetime, by: User
) -> DisputeResolution:
    """
    End a dispute that the member has no more; all of it is owed.

    :raises AlreadySettled: if it was settled before.
    :raises NoReasonGiven: without one.
    """
    invoice = lock_invoice(dispute.invoice)
    _require_open(dispute, reason)
    resolution = DisputeResolution.objects.create(
        dispute=dispute,
        kind=ResolutionKind.WITHDRAWN,
        reason=reason,
        resolved_at=at,
        resolved_by=by,
    )
    outcome = str(resolution.get_kind_display())
    tasklist.finish_about(DISPUTED, dispute, outcome=outcome, at=at, by=by)
    facts = {"amount": dispute.amount, "outcome": resolution.kind}
    journal.record(Verb.INVOICE_DISPUTE_SETTLED, invoice, by=by, **facts)
    tell_finance_if_member(
        *("dispute_withdrawn", dispute, invoice.organization),
        at=at,
        by=by,
        to=[dispute.owner],
        number=invoice.number,
        reason=reason,
    )
    return resolution


def _require_open(dispute: InvoiceDispute, reason: str) -> None:
    if DisputeResolution.objects.filter(dispute=dispute).exists():
        raise AlreadySettled(_("This dispute was settled before."))
    if not reason.strip():
        raise NoReasonGiven(_("Say how the dispute ended."))


def _takes_back(note: CreditNote, invoice: Invoice) -> bool:
    found = CreditNote.objects.filter(pk=note.pk, invoice=invoice, resolution=None)
    return found.filter(state=CreditNoteState.ISSUED).exists()


def _issued(invoice: Invoice) -> Invoice:
    invoice = lock_invoice(invoice)
    if invoice.state != InvoiceState.ISSUED:
        raise NotIssued(_("This invoice was not issued, or is void."))
    return invoice


def _require_past(invoice: Invoice, day: date, *, today: date, field: str) -> None:
    if day > today:
        raise InFuture(_("This day lies ahead."), field=field)
    if invoice.issued_on and day < invoice.issued_on:
        raise BeforeIssue(_("The invoice was not issued by this day."), field=field)


def _require_within(
    invoice: Invoice, amount: Decimal, *, beside: Decimal = Decimal()
) -> None:
    require_amount(amount)
    total = Invoice.objects.with_total().get(pk=invoice.pk).total
    if beside + amount > total:
        raise AboveInvoice(_("This is more than the invoice asks for."))
