from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from consortium import services
from consortium.models import (
    IN_KIND,
    CommitmentYear,
    ContactRole,
    CreditEntry,
    DisputeOutcome,
    EntryKind,
    Method,
)
from consortium.services import allocations, ledger
from inm_portal.kernel import invariants
from tests.conftest import TODAY
from tests.factories import receivables
from tests.factories.accounts import staff
from tests.factories.consortium import (
    ContactFactory,
    OrganizationFactory,
    RoleFactory,
    draft,
    sign,
)
from tests.factories.credits import (
    at,
    claim,
    decide,
    delivered,
    offer,
    paper,
    year_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def year(db):
    return year_of(sign(draft(OrganizationFactory())))


def test_all_hold_in_a_world_made_by_the_services(cast, capsys):
    services.depart_contact(cast.contact, on=TODAY, today=TODAY, by=None)

    call_command("check_invariants")

    assert capsys.readouterr().out == ""


def test_a_draft_with_commitment_years_is_found():
    agreement = draft(OrganizationFactory())
    CommitmentYear.objects.create(
        agreement=agreement,
        number=1,
        starts_on=date(2025, 5, 27),
        ends_on=date(2028, 5, 26),
        required=500_000,
        fee_part=0,
        currency="USD",
    )

    assert list(invariants.broken()) == [
        f"Drafts have no commitment years. Not for {agreement.pk}."
    ]


def test_a_year_too_many_is_found_and_ends_the_command_with_1(capsys):
    agreement = sign(draft(OrganizationFactory()))
    CommitmentYear.objects.create(
        agreement=agreement,
        number=4,
        starts_on=date(2028, 5, 27),
        ends_on=date(2029, 5, 26),
        required=500_000,
        fee_part=0,
        currency="USD",
    )

    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants")

    assert ended.value.code == 1
    assert len(capsys.readouterr().out.splitlines()) == 2


def given_by_hand(credit, **changes) -> CreditEntry:
    """Write an entry of a credit as no service does."""
    at_once = {"recorded_at": at(TODAY), "value_on": TODAY, "amount": 1}
    of_year = {"commitment_year": credit.commitment_year, "kind": EntryKind.RAISED}
    return CreditEntry.objects.create(credit=credit, **of_year | at_once | changes)


def held_by_hand(credit, value) -> None:
    """Write the outcome of a dispute as no service does."""
    when = {"reason": "Why not", "raised_at": at(TODAY)}
    dispute = credit.item.disputes.create(figure=value, method=Method.LIST, **when)
    DisputeOutcome.objects.create(
        **{"dispute": dispute, "value": value, "reason": "Why not"},
        settled_at=at(TODAY),
    )


@pytest.fixture
def thing(year, director):
    """A thing that was delivered and rejected."""
    arrived = delivered(
        offer(year, 100, list_price=150),
        **{"basis": 100, "valued_by": staff("finance"), "by": director},
    )
    return decide(arrived, 0, by=director)


def test_more_than_was_claimed_is_found(thing):
    held_by_hand(thing, 101)

    given_by_hand(thing, amount=101)

    assert list(invariants.broken()) == [
        f"No more stands of a credit than was claimed. Not for {thing.pk}."
    ]


def test_more_than_a_document_says_is_found(year, thing):
    document = paper(150, number=thing.evidence.number)
    claim(year, 100, document=document, knows_earlier=True)
    held_by_hand(thing, 100)

    given_by_hand(thing, amount=100)

    assert list(invariants.broken()) == [
        "The claims and credits on one document do not exceed its amount. "
        f"Not for {thing.evidence_id}."
    ]


def test_an_entry_of_what_was_rejected_is_found(thing):
    held_by_hand(thing, 100)

    given_by_hand(thing, kind=EntryKind.ACCEPTED)

    assert list(invariants.broken()) == [
        f"A credit was accepted by the entry of its decision. Not for {thing.pk}."
    ]


@pytest.mark.parametrize("category", IN_KIND)
def test_a_thing_that_counts_and_never_came_is_found(year, director, category):
    offered = offer(year, 100, category=category)
    services.decline_item(
        offered, reason="No room", at=at(TODAY), today=TODAY, by=director
    )
    held_by_hand(offered, 100)

    given_by_hand(offered)

    assert list(invariants.broken()) == [
        f"What counts in kind is a thing that was delivered. Not for {offered.pk}."
    ]


def test_a_thing_accepted_by_who_valued_it_is_found(year, director):
    thing = delivered(
        offer(year, 100), basis=100, valued_by=staff("finance"), by=director
    )
    decide(thing, by=director, on=TODAY)

    thing.item.valuations.create(
        **{"method": Method.LIST, "basis": 100, "value": 100},
        **{"valued_by": director, "valued_at": at(TODAY)},
    )

    assert list(invariants.broken()) == [
        f"Who valued a thing did not accept it. Not for {thing.pk}."
    ]


def test_what_is_accepted_toward_another_year_is_found(year, thing):
    held_by_hand(thing, 100)
    third = year_of(year.agreement, 3)

    entry = given_by_hand(thing, kind=EntryKind.ACCEPTED, commitment_year=third)

    assert (
        "What is accepted counts toward the year for which it was claimed. "
        f"Not for {entry.pk}." in list(invariants.broken())
    )


def test_more_in_kind_than_the_cap_is_found(year, director):
    thing = delivered(
        offer(year, 60_000),
        **{"basis": 60_000, "valued_by": staff("finance"), "by": director},
    )
    decide(thing, by=director)
    assert list(invariants.broken()) == []

    given_by_hand(thing, amount=10_000, recognized=-10_000)

    assert list(invariants.broken()) == [
        "No more is credited in kind than the highest cap that a year had. "
        f"Not for {year.pk}."
    ]


def test_what_is_carried_without_the_clause_is_found(year):
    carried = [
        CreditEntry.objects.create(
            **{"commitment_year": target, "carried_from": year, "amount": amount},
            **{"kind": EntryKind.CARRIED, "value_on": TODAY, "recorded_at": at(TODAY)},
        )
        for target, amount in [(year, -100), (year_of(year.agreement, 2), 100)]
    ]

    (told,) = invariants.broken()

    assert "Excess is carried only where the agreement says so" in told
    assert all(str(entry.pk) in told for entry in carried)


def test_what_is_carried_into_no_year_is_found():
    year = year_of(sign(draft(OrganizationFactory(), carries_forward=True)))
    CreditEntry.objects.create(
        **{"commitment_year": year, "carried_from": year, "amount": -100},
        **{"kind": EntryKind.CARRIED, "value_on": TODAY, "recorded_at": at(TODAY)},
    )

    assert list(invariants.broken()) == [
        f"What is carried out of a year is carried into the next. Not for {year.pk}."
    ]


def test_a_role_of_somebody_who_left_is_found():
    contact = ContactFactory(departed_on=TODAY)
    RoleFactory(contact=contact, role=ContactRole.MENTOR)

    assert list(invariants.broken()) == [
        f"Who left holds no role. Not for {contact.pk}."
    ]


@pytest.fixture
def line(db):
    return receivables.invoiced(receivables.member())


FEES = "What is paid of a fee counts toward its year, as much and as long as it is."


def test_a_paid_fee_that_counts_nowhere_is_found(line, monkeypatch):
    monkeypatch.setattr(allocations, "count_fee", lambda *_, **__: None)

    _pay(line)

    assert [one.startswith(FEES) for one in invariants.broken()] == [True]


def test_a_fee_that_counts_and_came_back_is_found(line):
    allocation = _pay(line)
    how = {"value_on": TODAY, "reason": "-", "at": at(TODAY), "by": staff("finance")}

    ledger.reverse(allocation.entry, **how)

    assert [one.startswith(FEES) for one in invariants.broken()] == [True]


def _pay(line):
    share = receivables.cash(1_000, line.invoice.organization)
    return receivables.apply(share, line, 1_000)


def test_a_table_of_rows_that_stay_without_its_trigger_is_found(db):
    """A person is changed, so no trigger stands there."""
    (stays,) = [one for one in invariants._invariants if "trigger" in one.sentence]

    with connection.cursor() as cursor:
        cursor.execute(stays.broken.replace("consortium_allocation", "accounts_user"))
        assert cursor.fetchall() == [("accounts_user",)]
