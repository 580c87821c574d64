"""How a member wants to be invoiced, its orders, and what is missing."""

from datetime import date
from decimal import Decimal

import pytest

from consortium import services
from consortium.models import Channel, Instalment, PurchaseOrder
from consortium.services.ledger import NotAnAmount
from consortium.services.payers import OrderExists, OrderUsed
from consortium.verbs import Verb
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.models import JournalEntry
from tests.factories.billing import drafted, instalment, issued, order, payer
from tests.factories.consortium import TODAY, OrganizationFactory, draft, sign
from tests.factories.credits import at
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db):
    return OrganizationFactory()


def test_a_payer_is_kept_once_and_changed_by_what_was_read(member):
    first = payer(member)

    changed = payer(member, terms_days=60, version=first.version)

    assert (changed.pk, changed.terms_days, changed.version) == (first.pk, 60, 2)
    with pytest.raises(EditConflict):
        payer(member, terms_days=90, version=1)
    with pytest.raises(EditConflict):
        payer(OrganizationFactory(), version=1)
    told = JournalEntry.objects.filter(verb=Verb.PAYER_KEPT).latest("pk")
    assert told.facts == {"fields": ["terms_days"]}


def test_an_order_is_recorded_once_with_its_paper(member):
    recorded = order(member, file=sent())

    assert recorded.document.sha256
    with pytest.raises(OrderExists):
        order(member, number="po-1")
    with pytest.raises(NotAnAmount):
        order(member, "0.001", number="PO-2")
    order(OrganizationFactory())


def test_an_order_is_not_lowered_below_what_was_invoiced_against_it():
    signed = sign(draft(OrganizationFactory()))
    payer(signed.organization)
    recorded = order(signed.organization)
    issued(drafted(signed, order=recorded))
    asked = {"ends_on": date(2027, 6, 30), "at": at(TODAY), "by": None}

    with pytest.raises(OrderUsed):
        services.change_order(recorded, amount=Decimal(274_999), **asked)
    services.change_order(recorded, amount=Decimal(275_000), **asked)

    found = PurchaseOrder.objects.with_left().get()
    assert (found.left, found.ends_on) == (0, date(2027, 6, 30))


@pytest.mark.parametrize(
    ("terms", "month", "day"),
    [
        (30, None, date(2027, 4, 27)),
        (45, None, date(2027, 4, 12)),
        (60, None, date(2027, 3, 28)),
        (90, None, date(2027, 2, 26)),
        (60, 1, date(2027, 3, 28)),
        (60, 4, date(2027, 4, 1)),
        (90, 7, date(2027, 2, 26)),
    ],
)
def test_an_instalment_is_invoiced_as_early_as_its_terms_ask_in_its_budget_year(
    member, terms, month, day
):
    third = instalment(sign(draft(member)), 3)
    payer(member, terms_days=terms, budget_year_starts_in=month)

    assert issue_by(third) == (date(2027, 5, 27), day)


def issue_by(one) -> tuple[date, date]:
    found = Instalment.objects.with_issue_by().get(pk=one.pk)
    return found.due_on, found.issue_by


def test_without_a_payer_an_instalment_is_invoiced_thirty_days_ahead(member):
    third = instalment(sign(draft(member)), 3)

    assert issue_by(third) == (date(2027, 5, 27), date(2027, 4, 27))


def lacks(member, profile, amount=275_000, on=TODAY) -> list[tuple[str, bool]]:
    found = services.lacks_of(
        Decimal(amount),
        profile=profile,
        order=services.order_for(member, Decimal(amount), on=on),
        on=on,
    )
    return [(lack.code, lack.blocks) for lack in found]


def test_each_thing_that_is_missing_is_told_and_an_order_blocks(member):
    portal = {"channel": Channel.PORTAL, "supplier_portal": "Ariba"}
    profile = payer(member, needs_order=True, **portal)

    assert lacks(member, None) == [("payer", True)]
    assert lacks(member, profile) == [
        ("order", True),
        *[("entity", False), ("vendor_form", False), ("tax_form", False)],
        ("portal", False),
    ]


def test_what_is_ready_lacks_nothing(member):
    done = {"entity_confirmed_on": TODAY, "vendor_form_on": TODAY}
    profile = payer(member, needs_order=True, tax_form_on=TODAY, **done)
    order(member)

    assert lacks(member, profile) == []


def test_the_order_that_reaches_and_ends_first_is_quoted(member):
    order(member, 100_000, number="SMALL", ends_on=date(2026, 12, 1))
    first = order(member, number="FIRST", ends_on=date(2026, 12, 31))
    order(member, number="LATER", ends_on=date(2027, 12, 31))
    order(member, number="OVER", ends_on=date(2026, 11, 21))

    assert services.order_for(member, Decimal(275_000), on=TODAY) == first


@pytest.mark.parametrize("words", ["PO-1 ended on Nov 21, 2026", "only $100 left"])
def test_an_order_that_does_not_reach_says_why(member, words):
    profile = payer(member, needs_order=True)
    found = order(member, 100, ends_on=date(2026, 11, 21))

    told = services.lacks_of(
        Decimal(275_000),
        profile=profile,
        order=services.order_for(member, Decimal(275_000), on=TODAY),
        on=TODAY,
    )

    assert found.number == "PO-1"
    assert any(words in lack.words and lack.blocks for lack in told)
