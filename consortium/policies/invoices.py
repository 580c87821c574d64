"""Who may draft, approve and issue invoices and credit notes, and who sees them."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import NOBODY, permission, staff, staff_or

from ..states import NOT_ISSUED, CreditNoteState, InvoiceState
from ..ties import accounts_of, companies_that_pay, companies_that_tell
from .separation import by_person, unbarred

IS_DRAFT = Q(state=InvoiceState.DRAFT)
IS_APPROVED = Q(state=InvoiceState.APPROVED)
IS_ISSUED = Q(state=InvoiceState.ISSUED)


@permission("consortium.view_instalment")
def view_instalment(user: Any) -> Q:
    """Whoever sees a year sees by which instalments its fee is paid."""
    return staff_or(
        user,
        "consortium.view_instalment",
        lambda: Q(
            commitment_year__agreement__organization__in=companies_that_tell(user)
        ),
    )


permission("consortium.to_invoice_instalment")(staff("consortium.view_invoice"))


@permission("consortium.take_back_instalment")
def take_back_instalment(user: Any) -> Q:
    """Finance drafts the credit notes of what an amendment took away."""
    return Q(amount__lt=0) & staff("consortium.add_creditnote")(user)


permission("consortium.draft_invoice_organization")(staff("consortium.add_invoice"))
permission("consortium.view_invoicereturn")(staff("consortium.view_invoice"))


@permission("consortium.download_invoice")
@permission("consortium.view_invoice")
def view_invoice(user: Any) -> Q:
    """Staff see drafts too; who pays at the company sees what was issued."""
    return staff_or(
        user,
        "consortium.view_invoice",
        lambda: ~Q(number=None) & Q(organization__in=companies_that_pay(user)),
    )


@permission("consortium.change_invoice")
def change_invoice(user: Any) -> Q:
    return IS_DRAFT & staff("consortium.change_invoice")(user)


@permission("consortium.approve_invoice")
def approve_invoice(user: Any) -> Q:
    """A second person, who did not write it, with no interest in the member."""
    others = ~by_person(user, "drafted_by")
    others &= ~Q(changers__overlap=list(accounts_of(user)))
    return IS_DRAFT & others & unbarred(user, "consortium.approve_invoice")


@permission("consortium.send_back_invoice")
def send_back_invoice(user: Any) -> Q:
    """Whoever approves: what waits for them, and what was approved already."""
    others = IS_DRAFT & ~by_person(user, "drafted_by")
    return (others | IS_APPROVED) & unbarred(user, "consortium.approve_invoice")


@permission("consortium.issue_invoice")
def issue_invoice(user: Any) -> Q:
    """Whoever issues; of one in another's place, not who drafted the credit note."""
    own = Q(replaces__isnull=False) & by_person(user, "drafted_by")
    return IS_APPROVED & ~own & unbarred(user, "consortium.issue_invoice")


@permission("consortium.void_invoice")
def void_invoice(user: Any) -> Q:
    """Finance gives up what is not issued; a director voids what others issued."""
    drafted = Q(state__in=NOT_ISSUED) & unbarred(user, "consortium.change_invoice")
    others = IS_ISSUED & ~by_person(user, "issued_by")
    return drafted | (others & unbarred(user, "consortium.void_invoice"))


@permission("consortium.replace_invoice")
@permission("consortium.credit_invoice")
def credit_invoice(user: Any) -> Q:
    return IS_ISSUED & unbarred(user, "consortium.add_creditnote")


@permission("consortium.attach_invoice")
def attach_invoice(user: Any) -> Q:
    return ~Q(state=InvoiceState.VOIDED) & staff("consortium.change_invoice")(user)


@permission("consortium.note_number_invoice")
@permission("consortium.deliver_invoice")
def deliver_invoice(user: Any) -> Q:
    return IS_ISSUED & staff("consortium.change_invoice")(user)


@permission("consortium.offers_invoice")
@permission("consortium.apply_offer_invoice")
def apply_offer_invoice(user: Any) -> Q:
    """Whoever applies cash, to what is issued."""
    return IS_ISSUED & staff("consortium.add_receipt")(user)


@permission("consortium.answer_invoice")
@permission("consortium.record_answer_invoice")
@permission("consortium.promise_invoice")
@permission("consortium.dispute_invoice")
def dispute_invoice(user: Any) -> Q:
    """Finance, and those who pay at the company."""
    return IS_ISSUED & staff_or(
        user,
        "consortium.change_invoice",
        lambda: Q(organization__in=companies_that_pay(user)),
    )


@permission("consortium.remind_invoice")
@permission("consortium.hold_reminders_invoice")
@permission("consortium.release_reminders_invoice")
def remind_invoice(user: Any) -> Q:
    """Finance, and whoever holds reminders of all kinds."""
    names = ["consortium.change_invoice", "kernel.add_reminderhold"]
    return IS_ISSUED if any(map(user.has_perm, names)) else NOBODY


permission("consortium.ladder_invoice")(staff("kernel.view_reminderdelivery"))


@permission("consortium.view_invoicedelivery")
@permission("consortium.view_customeranswer")
@permission("consortium.view_paymentpromise")
@permission("consortium.view_invoicedispute")
def view_invoicedispute(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_invoice",
        lambda: Q(invoice__organization__in=companies_that_pay(user)),
    )


@permission("consortium.settle_invoicedispute")
def settle_invoicedispute(user: Any) -> Q:
    open_ = Q(resolution=None)
    member = "invoice__organization"
    return open_ & unbarred(user, "consortium.change_invoice", member)


@permission("consortium.withdraw_invoicedispute")
def withdraw_invoicedispute(user: Any) -> Q:
    """Those whose dispute it is, as finance does not speak for them."""
    own = Q(invoice__organization__in=companies_that_pay(user))
    return Q(resolution=None) & own


@permission("consortium.withdraw_paymentpromise")
def withdraw_paymentpromise(user: Any) -> Q:
    """Finance, and those who pay at the company."""
    return Q(withdrawal=None) & staff_or(
        user,
        "consortium.change_invoice",
        lambda: Q(invoice__organization__in=companies_that_pay(user)),
    )


@permission("consortium.download_creditnote")
@permission("consortium.view_creditnote")
def view_creditnote(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_creditnote",
        lambda: ~Q(number=None) & Q(invoice__organization__in=companies_that_pay(user)),
    )


#: A draft that stands alone, and not with an invoice in another's place.
STANDS_ALONE = Q(state=CreditNoteState.DRAFT, replacement=None)


@permission("consortium.issue_creditnote")
def issue_creditnote(user: Any) -> Q:
    """A second person, who did not issue the invoice, with no interest."""
    others = STANDS_ALONE & ~by_person(user, "drafted_by")
    others &= ~by_person(user, "invoice__issued_by")
    return others & unbarred(
        user, "consortium.approve_invoice", "invoice__organization"
    )


@permission("consortium.abandon_creditnote")
def abandon_creditnote(user: Any) -> Q:
    return STANDS_ALONE & staff("consortium.add_creditnote")(user)
