"""What becomes of an issued invoice: delivered, answered, disputed, promised."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from consortium import services
from consortium.models import (
    AnswerKind,
    Channel,
    ContactRole,
    CustomerAnswer,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    PaymentPromise,
)
from consortium.services.interests import HasInterest
from consortium.services.invoice_answers import (
    AboveInvoice,
    AlreadySettled,
    AlreadyWithdrawn,
    BeforeIssue,
    InFuture,
    NoReasonGiven,
    OtherCreditNote,
    PromisedByAnother,
    PromisedInPast,
    PromisedTooFar,
    SettledInPast,
)
from consortium.services.invoices import NotIssued
from consortium.services.ledger import NotAnAmount
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry, Message, Task
from tests.factories.accounts import staff
from tests.factories.billing import acting, credited, drafted, issued, payer
from tests.factories.consortium import (
    TODAY,
    ContactFactory,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)
from tests.factories.credits import at
from tests.factories.receivables import apply, cash

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
    given |= {"amount": amount if amount is None else Decimal(amount)}
    return services.dispute_invoice(invoice, **given | RECORDED | changes)


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


@pytest.mark.parametrize(
    ("how", "outcome"), [("void", "It is void."), ("anew", "It was issued anew.")]
)
def test_case_26_what_is_void_or_issued_anew_is_put_right(invoice, how, outcome):
    said = {"answered_on": TODAY, "reason": "No PO on it", **acting()}
    services.answer_invoice(invoice, kind=AnswerKind.REJECTED, **said)
    task = Task.objects.open().get()

    if how == "void":
        services.void_invoice(invoice, reason="No PO on it", **acting())
    else:
        anew = services.draft_anew(invoice, reason="No PO on it", **acting())
        issued(anew)

    task.refresh_from_db()
    assert task.outcome == outcome


def test_what_was_rejected_and_is_paid_all_the_same_is_put_right(invoice):
    said = {"answered_on": TODAY, "reason": "No PO on it", **acting()}
    services.answer_invoice(invoice, kind=AnswerKind.REJECTED, **said)
    line, task = invoice.lines.get(), Task.objects.open().get()

    apply(cash(100, invoice.organization), line, 100)
    assert Task.objects.open().get() == task
    apply(cash(274_900, invoice.organization), line, 274_900)

    task.refresh_from_db()
    assert task.outcome == "It was paid."


def promise(invoice, pay_on=TOMORROW, amount=275_000, **more):
    return services.promise_payment(
        invoice, pay_on=pay_on, amount=Decimal(amount), **more, **acting()
    )


def test_case_15_an_interest_in_the_member_bars_from_settling_a_dispute(invoice):
    barred = staff("finance")
    services.disclose_interest(
        invoice.organization,
        **{"person": barred, "reason": "Consults for it", "from_on": TODAY},
        **RECORDED,
    )

    with pytest.raises(HasInterest):
        services.settle_invoice_dispute(
            dispute(invoice), reason="All is owed", at=at(TODAY), by=barred
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


def test_a_promise_reaches_no_further_than_90_days_past_the_due_date(invoice):
    last_on = max(invoice.due_on, TODAY) + timedelta(days=90)
    for far in (last_on + timedelta(days=1), date(9999, 12, 31)):
        with pytest.raises(PromisedTooFar) as refused:
            promise(invoice, far)
        assert refused.value.field == "pay_on"

    assert promise(invoice, last_on).pay_on == last_on


def test_how_far_a_promise_reaches_is_set_in_one_place(invoice, settings):
    settings.PROMISE_DAYS = 10
    with pytest.raises(PromisedTooFar):
        promise(invoice, max(invoice.due_on, TODAY) + timedelta(days=11))


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


def mails() -> dict[str, set]:
    """Return who was told what, by the subject of the mail."""
    found: dict[str, set] = {}
    for mail in Message.objects.filter(about_type__startswith="consortium"):
        found.setdefault(mail.subject, set()).add(mail.to)
    return found


def test_a_member_disputes_all_that_is_not_disputed_and_withdraws_it(invoice):
    clerk, owner = staff("finance"), staff("director")
    member = invoice.organization
    member.owner = owner
    member.save()
    person = person_at(member, ContactRole.BILLING).user
    dispute(invoice, 75_000)

    rest = dispute(invoice, amount=None, settle_by=None, by=person, reason="All wrong")

    assert (rest.amount, rest.settle_by) == (200_000, date(2026, 12, 6))
    told = mails()[f"{member.name} disputes $200,000 of INM-2027-0001"]
    assert told == {clerk, owner}
    ended = services.withdraw_dispute(
        rest, reason="We were wrong", at=at(TODAY), by=person
    )
    assert ended.kind == "withdrawn"
    assert Invoice.objects.with_disputed().get().disputed == 75_000
    assert Task.objects.open().count() == 1
    with pytest.raises(AlreadySettled):
        services.settle_invoice_dispute(rest, reason="Owed", **RECORDED)
    with pytest.raises(AlreadySettled):
        services.withdraw_dispute(rest, reason="Again", **RECORDED)


def test_a_dispute_is_not_to_be_settled_in_the_past(invoice):
    with pytest.raises(SettledInPast):
        dispute(invoice, settle_by=date(2026, 11, 21))


def test_the_owner_is_told_of_a_dispute_and_those_who_pay_how_it_ended(invoice):
    clerk = staff("finance")
    person = person_at(invoice.organization, ContactRole.SPONSOR).user
    disputed = dispute(invoice, owner=clerk, by=staff("director"))

    services.settle_invoice_dispute(disputed, reason="It was agreed", **RECORDED)

    name = invoice.organization.name
    assert mails() == {
        f"{name} disputes $100,000 of INM-2027-0001": {clerk},
        "The dispute about INM-2027-0001 is settled": {person},
    }


def promised(invoice, on=TODAY) -> list[str]:
    rows = PaymentPromise.objects.with_standing(on=on).filter(invoice=invoice)
    return [one.standing for one in rows.order_by("pk")]


def test_the_last_promise_counts_until_it_is_withdrawn(invoice):
    promise(invoice)
    last = promise(invoice, date(2026, 11, 30))
    assert promised(invoice) == ["replaced", "promised"]

    services.withdraw_promise(last, **RECORDED)

    assert promised(invoice) == ["promised", "withdrawn"]
    assert PaymentPromise.objects.standing().count() == 1
    assert promised(invoice, date(2026, 11, 23)) == ["promised", "withdrawn"]
    assert promised(invoice, date(2026, 11, 24)) == ["broken", "withdrawn"]
    with pytest.raises(AlreadyWithdrawn):
        services.withdraw_promise(last, **RECORDED)


def test_a_promise_is_kept_by_what_is_applied_after_it(invoice):
    share, line = cash(275_000, invoice.organization), invoice.lines.get()
    apply(share, line, 50_000, on=date(2026, 11, 21))
    promise(invoice, amount=100_000)
    late = date(2026, 12, 1)
    assert promised(invoice, late) == ["broken"]

    apply(share, line, 99_999)
    assert promised(invoice, late) == ["broken"]
    apply(share, line, 1)

    assert promised(invoice, late) == ["kept"]


def test_who_writes_a_promise_down_at_the_member_is_who_promised(invoice):
    contact = person_at(invoice.organization, ContactRole.BILLING)

    made = services.promise_payment(
        invoice, pay_on=TOMORROW, amount=Decimal(5), **acting(contact.user)
    )

    assert made.contact == contact
