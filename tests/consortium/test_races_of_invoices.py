"""Two who invoice at once, each with a connection of their own."""

from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from consortium import services
from consortium.models import (
    Allocation,
    Contact,
    CreditNote,
    Instalment,
    Invoice,
    InvoiceLine,
)
from consortium.services import Taken
from consortium.services.credit_notes import AboveLine
from consortium.services.drafting import NotToInvoice
from consortium.services.invoices import InstalmentEnded
from consortium.services.offers import OfferGone
from consortium.services.payers import OrderExists
from consortium.services.readiness import NotReady
from consortium.states import InvoiceState
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import Message
from tests.factories.accounts import UserFactory, staff
from tests.factories.billing import (
    acting,
    approved,
    drafted,
    instalment,
    issued,
    order,
    payer,
)
from tests.factories.consortium import (
    TODAY,
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.factories.credits import at
from tests.factories.receivables import cash
from tests.races import at_once, refusals, while_held

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "a-key-of-one-form"


@pytest.fixture
def agreement(transactional_db):
    return a_member()


def a_member():
    signed = sign(draft(OrganizationFactory()))
    payer(signed.organization)
    return signed


def issue(invoice):
    return services.issue_invoice(invoice, **acting())


def test_sixteen_invoices_at_once_take_sixteen_numbers_without_a_gap():
    waiting = [approved(drafted(a_member())) for _each in range(16)]

    outcomes = at_once(*[lambda one=one: issue(one) for one in waiting])

    assert refusals(outcomes) == []
    taken = sorted(Invoice.objects.values_list("number", flat=True))
    assert taken == [f"INM-2027-{serial:04d}" for serial in range(1, 17)]
    assert list(invariants.broken()) == []


def test_whoever_fails_after_taking_a_number_leaves_it_for_the_next(agreement):
    """The order of the second is used up by the first; its number is not lost."""
    shared = order(agreement.organization, 275_000)
    first, second = [
        approved(drafted(agreement, instalment(agreement, number), order=shared))
        for number in (2, 3)
    ]
    third = approved(drafted(a_member()))

    outcomes = at_once(*[lambda one=one: issue(one) for one in (first, second, third)])

    assert refusals(outcomes) == [NotReady]
    numbers = Invoice.objects.filter(state=InvoiceState.ISSUED)
    assert {*numbers.values_list("serial", flat=True)} == {1, 2}
    assert list(invariants.broken()) == []


def test_one_invoice_is_issued_once(agreement):
    invoice = approved(drafted(agreement))

    outcomes = at_once(*[lambda: issue(invoice)] * 4)

    assert refusals(outcomes) == [IllegalTransition] * 3
    assert Invoice.objects.get().version == 3


def test_two_clicks_at_once_issue_one_invoice(agreement, sign_in):
    """Each with a form of its own, as of two clerks, or two pages of one."""
    invoice = approved(drafted(agreement))
    url = reverse("consortium:issue_invoice", args=[invoice.pk])
    clients = [sign_in(staff("finance")) for _each in range(2)]

    answers = at_once(
        *[lambda one=one: one.post(url, {"idempotency_key": KEY}) for one in clients]
    )

    assert {answer.status_code for answer in answers} <= {302, 403}
    assert Invoice.objects.get().number == "INM-2027-0001"
    assert Message.objects.filter(kind="consortium/mail/invoice_issued").count() == (
        Contact.objects.count()
    )
    assert list(invariants.broken()) == []


def test_who_is_killed_while_issuing_leaves_no_gap(agreement):
    invoice = approved(drafted(agreement))
    other = approved(drafted(a_member()))

    def issue_and_be_killed():
        with pytest.raises(OperationalError), transaction.atomic():
            issue(invoice)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    at_once(issue_and_be_killed)

    invoice.refresh_from_db()
    assert (invoice.state, invoice.number) == (InvoiceState.APPROVED, None)
    assert issue(other).number == "INM-2027-0001"
    assert issue(invoice).number == "INM-2027-0002"
    assert list(invariants.broken()) == []


def test_what_is_offered_is_applied_once(agreement):
    share = cash(250_000, agreement.organization)
    invoice = issued(drafted(agreement))

    def apply():
        amount = Decimal(250_000)
        return services.apply_offer(
            invoice, share=share, amount=amount, at=at(TODAY), by=UserFactory()
        )

    outcomes = at_once(apply, apply)

    assert refusals(outcomes) == [OfferGone]
    assert Allocation.objects.get().amount == 250_000


def test_many_are_drafted_once(agreement):
    rows = [instalment(agreement, number) for number in (1, 2)]
    rows.append(instalment(a_member()))

    def draft_all(rows):
        return services.draft_invoices(rows, **acting())

    outcomes = at_once(lambda: draft_all(rows), lambda: draft_all(rows[::-1]))

    assert refusals(outcomes) == [NotToInvoice]
    assert InvoiceLine.objects.count() == 3


def test_one_instalment_is_drafted_once(agreement):
    outcomes = at_once(*[lambda: drafted(agreement)] * 3)

    assert refusals(outcomes) == [NotToInvoice] * 2
    assert InvoiceLine.objects.count() == 1


def test_an_amendment_that_is_signed_as_an_invoice_goes_out_and_the_other_way(
    agreement,
):
    invoice = approved(drafted(agreement, instalment(agreement, 3)))
    lower = services.YearTerms(Decimal(500_000), Decimal(200_000))
    amendment = amend(agreement, years={3: lower})

    outcomes = at_once(lambda: issue(invoice), lambda: sign_amendment(amendment))

    was_issued = Invoice.objects.get().state == InvoiceState.ISSUED
    assert refusals(outcomes) == ([] if was_issued else [InstalmentEnded])
    assert Instalment.objects.to_credit().exists() == was_issued
    assert list(invariants.broken()) == []


def test_one_invoice_is_not_issued_by_who_waited_for_who_voided_it(agreement):
    invoice = approved(drafted(agreement))

    def void():
        services.void_invoice(invoice, reason="Too early", **acting())

    def issue_late():
        with pytest.raises(IllegalTransition):
            issue(invoice)

    while_held(void, issue_late)

    assert Invoice.objects.get().number is None


def test_no_more_of_a_line_is_taken_back_by_two(agreement):
    invoice = issued(drafted(agreement))
    line = invoice.lines.get()

    def take_back():
        return services.draft_credit_note(
            invoice,
            taken=[Taken(line, Decimal(200_000))],
            reason="Agreed",
            at=at(TODAY),
            by=None,
        )

    outcomes = at_once(take_back, take_back)

    assert refusals(outcomes) == [AboveLine]
    assert CreditNote.objects.count() == 1


def test_one_order_is_recorded_once(agreement):
    outcomes = at_once(*[lambda: order(agreement.organization)] * 2)

    assert refusals(outcomes) == [OrderExists]
