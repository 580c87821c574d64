"""Payments that a member announces, until their money arrives."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from consortium import services
from consortium.models import AdvisedInvoice, ContactRole, RemittanceAdvice
from consortium.services.invoice_answers import AlreadyWithdrawn
from consortium.services.ledger import NotAnAmount
from consortium.services.remittances import (
    AdvisedBefore,
    InvoiceOfAnother,
    PaidInFuture,
)
from consortium.verbs import Verb
from inm_portal.kernel.models import Document, JournalEntry, Message
from tests.factories.accounts import staff
from tests.factories.billing import acting
from tests.factories.consortium import person_at
from tests.factories.credits import at
from tests.factories.receivables import TODAY, bounce, cash, invoiced, member
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db):
    return member(name="Acme")


def advise(company, amount=250_000, by=None, **more) -> RemittanceAdvice:
    given = {"paid_on": TODAY, "method": "wire", "reference": "FED-77"}
    return services.advise_payment(
        company, amount=Decimal(amount), **given | more, **acting(by)
    )


def standing(advice) -> str:
    return RemittanceAdvice.objects.with_standing().get(pk=advice.pk).standing


def test_a_payment_is_announced_with_its_invoices_and_paper(company):
    invoice = invoiced(company).invoice

    advice = advise(company, invoices=[invoice], file=sent())

    assert [*advice.invoices.all()] == [invoice]
    paper = Document.objects.get(kind="consortium.remittance_advice")
    assert paper.subject_id == advice.pk
    told = JournalEntry.objects.get(verb=Verb.PAYMENT_ANNOUNCED)
    assert told.facts["amount"] == "250000"


def test_finance_is_told_what_a_member_announces_and_not_what_it_wrote_itself(company):
    clerk = staff("finance")
    person = person_at(company, ContactRole.BILLING).user

    advise(company, by=clerk)
    assert not Message.objects.exists()
    advise(company, 5, by=person)

    mail = Message.objects.get()
    assert (mail.to, mail.subject) == (clerk, "Acme announces a payment of $5")
    assert "/consortium/remittance-advices/" in mail.text


def test_what_cannot_be_is_not_announced(company):
    other = invoiced(member()).invoice

    with pytest.raises(PaidInFuture):
        advise(company, paid_on=TODAY + timedelta(days=1))
    with pytest.raises(NotAnAmount):
        advise(company, "0.001")
    with pytest.raises(InvoiceOfAnother):
        advise(company, invoices=[other])
    with (
        pytest.raises(DatabaseError, match="issued invoices of its member"),
        transaction.atomic(),
    ):
        AdvisedInvoice.objects.create(advice=advise(company), invoice=other)


def test_the_same_is_announced_again_only_once_it_was_withdrawn(company):
    first = advise(company)
    with pytest.raises(AdvisedBefore):
        advise(company)

    services.withdraw_advice(first, **RECORDED)

    assert standing(first) == "withdrawn"
    assert standing(advise(company)) == "announced"
    with pytest.raises(AlreadyWithdrawn):
        services.withdraw_advice(first, **RECORDED)


RECORDED = {name: value for name, value in acting().items() if name != "today"}


def test_what_arrived_is_expected_no_more_until_it_bounces(company):
    advice, other = advise(company), advise(member())
    announced = RemittanceAdvice.objects.announced
    assert {*announced()} == {advice, other}

    receipt = cash(250_000, company, on=TODAY).receipt

    assert (standing(advice), [*announced(company)]) == ("arrived", [])
    assert [*announced()] == [other]
    bounce(receipt)
    assert [*announced(company)] == [advice]


@pytest.mark.parametrize(
    ("amount", "received_on", "arrived"),
    [
        (250_000, TODAY - timedelta(days=5), True),
        (250_000, TODAY - timedelta(days=6), False),
        (249_999, TODAY, False),
    ],
)
def test_money_is_that_of_an_advice_by_its_amount_and_about_its_day(
    company, amount, received_on: date, arrived
):
    advice = advise(company)

    cash(amount, company, on=received_on)

    assert (standing(advice) == "arrived") == arrived


def test_a_document_joins_it_later_and_finance_is_told(company):
    clerk = staff("finance")
    person = person_at(company, ContactRole.BILLING).user
    advice = advise(company, by=person)
    Message.objects.all().delete()

    paper = services.document_advice(advice, file=sent(), at=at(TODAY), by=person)

    assert (paper.kind, paper.subject_id) == (
        "consortium.remittance_advice",
        advice.pk,
    )
    told = Message.objects.get(recipient=clerk.email)
    assert told.subject == "Acme sent a document with its payment of $250,000"


def test_nothing_joins_what_was_withdrawn(company):
    advice = advise(company)
    services.withdraw_advice(advice, **{"at": at(TODAY), "by": None})

    with pytest.raises(AlreadyWithdrawn):
        services.document_advice(advice, file=sent(), at=at(TODAY), by=None)

    assert not Document.objects.filter(kind="consortium.remittance_advice").exists()
