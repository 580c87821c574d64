"""Two who answer for one invoice at once, each with a connection of their own."""

from decimal import Decimal

import pytest

from consortium import services
from consortium.models import DisputeResolution, RemittanceAdvice
from consortium.services.invoice_answers import (
    AboveInvoice,
    AlreadySettled,
    AlreadyWithdrawn,
)
from consortium.services.payers import OrderReplaced, PayerKept
from consortium.services.remittances import AdvisedBefore
from inm_portal.kernel.models import Task
from tests.factories.billing import acting, drafted, issued, order, payer
from tests.factories.consortium import TODAY, OrganizationFactory, draft, sign
from tests.factories.credits import at
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)
NOW = {"at": at(TODAY), "by": None}


@pytest.fixture
def invoice(transactional_db):
    signed = sign(draft(OrganizationFactory()))
    payer(signed.organization)
    return issued(drafted(signed))


def dispute(invoice, amount=200_000):
    return services.dispute_invoice(
        invoice, amount=Decimal(amount), reason="One desk less", **NOW
    )


def test_two_clerks_settle_one_dispute_once(invoice):
    disputed = dispute(invoice)

    def settle():
        services.settle_invoice_dispute(disputed, reason="It was agreed", **NOW)

    def withdraw():
        services.withdraw_dispute(disputed, reason="Our mistake", **NOW)

    outcomes = at_once(settle, settle, withdraw)

    assert refusals(outcomes) == [AlreadySettled] * 2
    assert DisputeResolution.objects.count() == 1
    assert not Task.objects.open().exists()


def test_no_more_is_disputed_by_two_than_is_asked_for(invoice):
    outcomes = at_once(lambda: dispute(invoice), lambda: dispute(invoice))

    assert refusals(outcomes) == [AboveInvoice]


def test_a_payment_is_announced_once_and_withdrawn_once(invoice):
    def advise():
        return services.advise_payment(
            invoice.organization,
            **{"paid_on": TODAY, "amount": Decimal(5), "method": "wire"},
            **acting(),
        )

    assert refusals(at_once(advise, advise)) == [AdvisedBefore]

    advice = RemittanceAdvice.objects.get()
    outcomes = at_once(*[lambda: services.withdraw_advice(advice, **NOW)] * 2)
    assert refusals(outcomes) == [AlreadyWithdrawn]


def test_one_order_is_replaced_by_one(invoice):
    member = invoice.organization
    old = order(member)

    outcomes = at_once(
        *[lambda n=n: order(member, number=n, replaces=old) for n in ("PO-2", "PO-3")]
    )

    assert refusals(outcomes) == [OrderReplaced]


def test_two_who_say_first_where_invoices_go_do_not_cover_each_other():
    member = OrganizationFactory()

    outcomes = at_once(*[lambda: payer(member, version=0)] * 2)

    assert refusals(outcomes) == [PayerKept]
