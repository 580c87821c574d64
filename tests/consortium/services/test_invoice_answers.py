"""What becomes of an issued invoice: delivered, answered, disputed, promised."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from consortium import services
from consortium.models import (
    AnswerKind,
    Channel,
    CustomerAnswer,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    PaymentPromise,
)
from consortium.services.invoice_answers import (
    AboveInvoice,
    AlreadySettled,
    BeforeIssue,
    InFuture,
    NoReasonGiven,
    OtherCreditNote,
    PromisedByAnother,
    PromisedInPast,
)
from consortium.services.invoices import NotIssued
from consortium.services.ledger import NotAnAmount
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry, Task
from tests.factories.accounts import staff
from tests.factories.billing import acting, credited, drafted, issued, payer
from tests.factories.consortium import (
    TODAY,
    ContactFactory,
    OrganizationFactory,
    draft,
    sign,
)
from tests.factories.credits import at

pytestmark = pytest.mark.django_db

TOMORROW = date(2026, 11, 23)
RECORDED = {"at": at(TODAY), "by": None}


@pytest.fixture
def agreement(db):
    signed = sign(draft(OrganizationFactory()))
    payer(signed.organization)
    return signed


@pytest.fixture
def invoice(agreement):
    return issued(drafted(agreement))


def dispute(invoice, amount=100_000, **changes) -> InvoiceDispute:
    given = {"reason": "One desk less", "owner": None, "settle_by": TOMORROW}
    return services.dispute_invoice(
        invoice, amount=Decimal(amount), **given | RECORDED | changes
    )


def told(verb: Verb) -> dict:
    return JournalEntry.objects.get(verb=verb).facts


def deliver(invoice, delivered_on=TODAY):
    return services.deliver_invoice(
        invoice, channel=Channel.EMAIL, delivered_on=delivered_on, **acting()
    )


def test_an_invoice_is_handed_over_on_a_day_after_its_issue(invoice):
    with pytest.raises(BeforeIssue):
        deliver(invoice, date(2026, 11, 21))
    with pytest.raises(InFuture):
        deliver(invoice, TOMORROW)

    deliver(invoice)

    assert InvoiceDelivery.objects.get().delivered_on == TODAY
    assert told(Verb.INVOICE_DELIVERED) == {"channel": "email", "on": "2026-11-22"}


def test_a_draft_is_neither_handed_over_nor_answered(agreement):
    invoice = drafted(agreement)

    with pytest.raises(NotIssued):
        deliver(invoice)
    with pytest.raises(NotIssued):
        dispute(invoice)
    with pytest.raises(DatabaseError, match="issued"), transaction.atomic():
        InvoiceDelivery.objects.create(
            invoice=invoice,
            channel=Channel.EMAIL,
            delivered_on=TODAY,
            recorded_at=at(TODAY),
        )


def test_a_rejection_says_why(invoice):
    with pytest.raises(NoReasonGiven):
        services.answer_invoice(
            invoice, kind=AnswerKind.REJECTED, answered_on=TODAY, **acting()
        )
    assert not CustomerAnswer.objects.exists()


def test_case_26_a_rejection_opens_a_task_until_the_member_accepts(agreement):
    invoice = issued(drafted(agreement))
    said = {"answered_on": TODAY, **acting()}
    services.answer_invoice(
        invoice, kind=AnswerKind.REJECTED, reason="No PO on it", **said
    )
    assert Invoice.objects.with_answer().get().answer == "rejected"
    task = Task.objects.open().get()
    assert task.what.startswith("Put invoice INM-2027-0001 right with Company")

    services.answer_invoice(invoice, kind=AnswerKind.ACCEPTED, **said)

    assert Invoice.objects.with_answer().get().answer == "accepted"
    assert not Task.objects.open().exists()


def promise(invoice, pay_on=TOMORROW, amount=275_000, **more):
    return services.promise_payment(
        invoice, pay_on=pay_on, amount=Decimal(amount), **more, **acting()
    )


def test_somebody_at_the_member_promises_to_pay_by_a_day(invoice):
    contact = ContactFactory(organization=invoice.organization)
    with pytest.raises(PromisedInPast):
        promise(invoice, date(2026, 11, 21))
    with pytest.raises(PromisedByAnother):
        promise(invoice, contact=ContactFactory())
    with pytest.raises(AboveInvoice):
        promise(invoice, amount=275_001)
    with pytest.raises(NotAnAmount):
        promise(invoice, amount="0.001")

    promise(invoice, contact=contact)

    assert PaymentPromise.objects.get().contact == contact
    assert told(Verb.PAYMENT_PROMISED)["pay_on"] == "2026-11-23"


def test_case_27_half_an_invoice_is_disputed_and_the_rest_is_not(invoice):
    owner = staff("finance")

    dispute(invoice, 137_500, owner=owner)

    found = Invoice.objects.with_total().with_disputed().get()
    assert (found.total, found.disputed) == (275_000, 137_500)
    task = Task.objects.open().get()
    assert (task.person, task.due_on) == (owner, TOMORROW)
    assert task.what.endswith("about INM-2027-0001")


def test_no_more_is_disputed_than_the_invoice_asks_for(invoice):
    dispute(invoice, 200_000)

    with pytest.raises(AboveInvoice):
        dispute(invoice, 75_001)
    with pytest.raises(NoReasonGiven):
        dispute(invoice, 1, reason=" ")


def test_a_dispute_ends_with_what_is_owed_and_its_task_is_done(invoice):
    disputed = dispute(invoice)

    settled = services.settle_invoice_dispute(
        disputed, reason="The desk was there", **RECORDED
    )

    assert settled.kind == "kept"
    assert Invoice.objects.with_disputed().get().disputed == 0
    assert not Task.objects.open().exists()
    with pytest.raises(AlreadySettled):
        services.settle_invoice_dispute(disputed, reason="Again", **RECORDED)


def test_a_dispute_ends_with_an_issued_credit_note_of_its_invoice(invoice, agreement):
    disputed = dispute(invoice)
    other = issued(
        drafted(agreement, *agreement.commitment_years.get(number=3).instalments.all())
    )
    foreign = credited(other, 10)
    with pytest.raises(OtherCreditNote):
        services.settle_invoice_dispute(
            disputed, reason="Right", credit_note=foreign, **RECORDED
        )

    note = credited(invoice, 100_000)
    settled = services.settle_invoice_dispute(
        disputed, reason="They were right", credit_note=note, **RECORDED
    )

    assert (settled.kind, settled.credit_note) == ("credited", note)
