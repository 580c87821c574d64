"""How a member wants to be invoiced, its orders, and what is missing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from consortium import services
from consortium.models import (
    Channel,
    ContactRole,
    Instalment,
    PurchaseOrder,
)
from consortium.services.ledger import NotAnAmount
from consortium.services.payers import (
    NoSupplierPortal,
    OrderEndedBefore,
    OrderExists,
    OrderReplaced,
    OrderUsed,
    PayerKept,
)
from consortium.verbs import Verb
from inm_portal.kernel.errors import EditConflict
from inm_portal.kernel.models import JournalEntry, Message
from tests.factories.accounts import staff
from tests.factories.billing import (
    acting,
    drafted,
    instalment,
    issued,
    order,
    payer,
)
from tests.factories.consortium import (
    TODAY,
    OrganizationFactory,
    draft,
    person_at,
    sign,
)
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


def describe(member, by=None, **told):
    given = {
        **{"bill_to_entity": "Acme GmbH", "bill_to_address": "2 Side Street"},
        **{"attention": "", "channel": Channel.EMAIL, "supplier_portal": ""},
        **{"needs_order": True, "budget_year_starts_in": None},
    }
    return services.describe_payer(member, **given | told, **acting(by))


def test_what_a_member_says_confirms_the_entity_and_is_told_to_finance():
    member = sign(draft(OrganizationFactory(), payment_terms_days=45)).organization
    clerk = staff("finance")
    person = person_at(member, ContactRole.BILLING).user

    profile = describe(member, by=person)

    assert (profile.terms_days, profile.entity_confirmed_on) == (45, TODAY)
    mail = Message.objects.get(kind__endswith="told_by_member")
    assert mail.to == clerk
    assert mail.subject.endswith("says where its invoices go")


def test_in_another_supplier_portal_inm_is_not_set_up_yet(member):
    by_portal = {"channel": Channel.PORTAL, "supplier_portal": "Ariba"}
    payer(member, **by_portal, portal_set_up_on=TODAY, terms_days=90)

    same = describe(member, **by_portal)
    assert (same.portal_set_up_on, same.terms_days) == (TODAY, 90)

    other = describe(member, channel=Channel.PORTAL, supplier_portal="Coupa")
    assert other.portal_set_up_on is None


def test_a_supplier_portal_is_named_where_it_is_delivered_by_one(member):
    for told in [{"channel": Channel.PORTAL}, {"supplier_portal": "Ariba"}]:
        with pytest.raises(NoSupplierPortal):
            payer(member, **told)


def test_a_first_payer_does_not_cover_another_first_one(member):
    payer(member, version=0)

    with pytest.raises(PayerKept):
        payer(member, bill_to_entity="Another Inc.", version=0)


def test_an_order_that_is_replaced_ends_the_day_before(member):
    old = order(member)

    new = order(member, number="PO-2", replaces=old)

    rows = PurchaseOrder.objects.with_standing(on=TODAY)
    assert {one.number: one.standing for one in rows} == {
        "PO-1": "replaced",
        "PO-2": "in_force",
    }
    assert rows.get(pk=old.pk).ends_on == date(2026, 11, 21)
    assert services.order_for(member, Decimal(5), on=TODAY) == new
    with pytest.raises(OrderReplaced):
        order(member, number="PO-3", replaces=old)
    with pytest.raises(OrderReplaced):
        order(OrganizationFactory(), replaces=new)
    with (
        pytest.raises(DatabaseError, match="another of its member"),
        transaction.atomic(),
    ):
        PurchaseOrder.objects.create(
            organization=OrganizationFactory(),
            **{"number": "X", "amount": 5, "replaces": new, "recorded_at": at(TODAY)},
        )


def test_an_order_is_ended_and_not_made_to_last_longer(member):
    recorded = order(member)

    ended = services.end_order(recorded, last_on=TODAY, by=None)

    assert ended.ends_on == TODAY
    assert JournalEntry.objects.filter(verb=Verb.ORDER_ENDED).count() == 1
    with pytest.raises(OrderEndedBefore):
        services.end_order(recorded, last_on=date(2027, 1, 1), by=None)
    with pytest.raises(EditConflict):
        services.end_order(recorded, last_on=date(2026, 11, 1), version=1, by=None)


@pytest.mark.parametrize(
    ("ends_on", "used", "standing"),
    [
        (None, 0, "in_force"),
        (date(2027, 2, 6), 0, "in_force"),
        (date(2027, 2, 5), 0, "ending"),
        (date(2026, 11, 21), 0, "ended"),
        (None, 275_000, "exhausted"),
    ],
)
def test_case_25_an_order_ends_soon_75_days_before_its_last_day(
    ends_on, used, standing
):
    signed = sign(draft(OrganizationFactory()))
    payer(signed.organization)
    recorded = order(signed.organization, 275_000, ends_on=ends_on)
    if used:
        issued(drafted(signed, order=recorded))

    found = PurchaseOrder.objects.with_standing(on=date(2026, 11, 22)).get()

    assert found.standing == standing


def test_what_one_instalment_takes_of_an_order_is_not_there_for_the_next():
    signed = sign(draft(OrganizationFactory()))
    profile = payer(signed.organization, needs_order=True)
    first = order(signed.organization, 300_000)
    rows = Instalment.objects.with_issue_by()
    rows = rows.filter(commitment_year__agreement=signed)

    found = services.upcoming(
        signed.organization, rows.order_by("due_on"), profile=profile, on=TODAY
    )

    assert [one.blocked for one in found] == [False, True, True]
    assert found[0].order == first
    assert found[1].lacks[0].words == "Purchase order PO-1 has only $25,000 left."
    assert found[1].needs_order


def test_each_missing_thing_says_who_brings_it(member):
    portal = {"channel": Channel.PORTAL, "supplier_portal": "Ariba"}
    profile = payer(member, tax_form_on=TODAY, **portal)

    told = {
        check.label: check.lack.who if check.lack else check.done_on
        for check in services.checklist(profile)
    }

    assert told == {
        "Billed entity confirmed": "member",
        "Vendor form sent": "inm",
        "Tax form sent": TODAY,
        "Set up in Ariba": "inm",
    }
    (nobody,) = services.checklist(None)
    assert not nobody.is_done
