"""Nothing of a credit is lost or made, whatever is done to it and in which year."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from consortium import services
from consortium.models import CommitmentYear, CreditEntry, EntryKind
from consortium.services.reversals import NothingStands
from inm_portal.kernel import invariants
from inm_portal.kernel.errors import Refusal
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.credits import (
    IN_YEAR_1,
    at,
    claim,
    decide,
    delivered,
    offer,
    paper,
    position,
    year_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def agreement(db):
    return sign(draft(OrganizationFactory()))


@pytest.fixture
def year(agreement):
    return year_of(agreement)


def acting(director, on: date = TODAY) -> dict:
    return {"reason": "Cut by amendment", "at": at(on), "today": on, "by": director}


def credited(agreement, on: date = TODAY) -> list[int]:
    years = agreement.commitment_years.order_by("number")
    return [position(year, on).credited for year in years]


def test_case_32_a_reversal_after_a_cut_in_another_year_clears_both(
    year, agreement, director
):
    credit = decide(claim(year, 100_000), by=director)
    services.reduce_credit(credit, amount=Decimal(30_000), **acting(director))
    assert credited(agreement) == [100_000, -30_000, 0]

    services.reverse_credit(credit, **acting(director))

    assert credited(agreement) == [0, 0, 0]
    assert sums_of(credit) == {1: (0, 0), 2: (0, 0)}


def test_case_32_what_comes_back_into_another_year_opens_no_cure_period(
    year, agreement, director
):
    credit = decide(claim(year, 100_000), by=director)
    services.reduce_credit(credit, amount=Decimal(30_000), **acting(director))
    much_later = date(2027, 12, 1)

    services.reverse_credit(credit, **acting(director, much_later))

    own, other = position(year, much_later), position(year_of(agreement, 2), much_later)
    assert own.cure_until == much_later + timedelta(days=90)
    assert other.cure_until == other.ends_on + timedelta(days=90)


def test_case_32_a_cut_in_another_year_leaves_no_more_room_in_kind_there(
    year, agreement, director
):
    finance = staff("finance")
    first, second = [
        delivered(
            offer(one, 50_000, on=on),
            **{"basis": 50_000, "valued_by": finance, "by": director, "on": on},
        )
        for one, on in [(year, IN_YEAR_1), (year_of(agreement, 2), TODAY)]
    ]
    decide(first, by=director)
    services.reduce_credit(first, amount=Decimal(30_000), **acting(director))

    assert position(year_of(agreement, 2), TODAY).room_in_kind == 50_000
    decide(second, by=director, on=TODAY)
    services.reverse_credit(first, **acting(director))

    found = position(year_of(agreement, 2), TODAY)
    assert (found.in_kind, found.cap, found.room_in_kind) == (50_000, 50_000, 0)


def test_what_a_dispute_raised_and_was_reversed_is_not_raised_again(year, director):
    thing = delivered(
        offer(year, 50_000), basis=50_000, valued_by=staff("finance"), by=director
    )
    decide(thing, 0, by=director)
    another = staff("director")
    settled(thing, 40_000, by=another)
    services.reverse_credit(thing, **acting(director))

    with pytest.raises(NothingStands):
        settled(thing, 40_000, by=another)


def settled(credit, value, *, by, on: date = TODAY):
    when = {"at": at(on), "today": on, "by": by}
    services.dispute_value(
        credit,
        **{"figure": Decimal(value), "method": "appraisal", "reason": "It is newer"},
        **{"at": at(on), "by": None},
    )
    return services.settle_dispute(
        credit, value=Decimal(value), reason="Appraised", **when
    )


def sums_of(credit) -> dict[int, tuple[Decimal, Decimal]]:
    """Return what of a credit stands in each year, by its number."""
    rows = credit.entries.order_by().values_list("commitment_year__number")
    sums = rows.annotate(Sum("amount"), Sum("recognized"))
    return {number: (amount, recognized) for number, amount, recognized in sums}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["reduce", "reduce", "settle", "settle", "reverse"]),
        st.integers(min_value=0, max_value=400),
        st.integers(min_value=0, max_value=70_000),
    ),
    min_size=2,
    max_size=8,
)
#: Cut in another year, raised in its own, taken back: above what was accepted between.
RAISED_AND_BACK = [("reduce", 300, 30_000), ("settle", 0, 59_000), ("reverse", 0, 1)]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS, accepted=st.integers(min_value=0, max_value=60_000))
@example(acts=RAISED_AND_BACK, accepted=60_000)
def test_a_credit_stands_between_nothing_and_what_was_accepted(acts, accepted):
    """Or what a dispute held; and at nothing once it is reversed."""
    with transaction.atomic():
        director, another = staff("director"), staff("director")
        year = year_of(sign(draft(OrganizationFactory())))
        credit = delivered(
            offer(year, 60_000), basis=60_000, valued_by=staff("finance"), by=director
        )
        decide(credit, accepted, by=director)
        today, most = IN_YEAR_1, accepted
        for what, days, amount in acts:
            today += timedelta(days=days)
            done = attempted(credit, what, amount, on=today, people=(director, another))
            if done and what == "settle":
                most = max(most, amount)

            sums = sums_of(credit)
            for amount, recognized in [sums[n] for n in sums if n != year.number]:
                assert amount <= recognized == 0
            assert 0 <= sum(sum(pair) for pair in sums.values()) <= most
            if credit.entries.filter(kind=EntryKind.REVERSED).exists():
                assert {*sums.values()} == {(0, 0)}
            for each in CommitmentYear.objects.with_position(on=today):
                assert each.in_kind_of_its_own <= each.cap
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert list(invariants.broken()) == []
        transaction.set_rollback(True)


def attempted(credit, what: str, amount: int, *, on: date, people) -> bool:
    """Do it as the services let it be done; say whether they did."""
    director, another = people
    try:
        with transaction.atomic():
            if what == "reduce":
                services.reduce_credit(
                    credit, amount=Decimal(amount), **acting(director, on)
                )
            elif what == "reverse":
                services.reverse_credit(credit, **acting(director, on))
            else:
                settled(credit, min(amount, 60_000), by=another, on=on)
    except Refusal:
        return False
    return True


# --- tried around Python


def entered(credit, kind, amount, *, year=None, recognized=0):
    return CreditEntry.objects.create(
        **{"credit": credit, "commitment_year": year or credit.commitment_year},
        **{"kind": kind, "amount": amount, "recognized": recognized},
        **{"value_on": TODAY, "recorded_at": at(TODAY), "reason": "Why not"},
    )


def refused(what: str):
    return pytest.raises(DatabaseError, match=what)


def at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("kind", [EntryKind.ACCEPTED, EntryKind.RAISED])
def test_around_python_no_more_is_given_than_was_accepted(year, director, kind):
    document = paper(100_000)
    credit = decide(claim(year, 60_000, document=document), 40_000, by=director)

    with refused("more is given|accepts_a_credit_once"), transaction.atomic():
        entered(credit, kind, 1)
    with refused("more is given|accepts_a_credit_once"), transaction.atomic():
        entered(credit, kind, 0, recognized=1)


def test_around_python_a_cut_is_never_positive(year, director):
    credit = decide(claim(year, 60_000), by=director)

    with refused("entry_that_reduces_is_negative"), transaction.atomic():
        entered(credit, EntryKind.REDUCED, 1)


def test_around_python_a_reversal_brings_each_year_to_zero_and_no_further(
    year, agreement, director
):
    credit = decide(claim(year, 100_000), by=director)
    services.reduce_credit(credit, amount=Decimal(30_000), **acting(director))
    other = year_of(agreement, 2)

    wrong: list[list[tuple]] = [
        [(-70_000, year)],
        [(30_000, other)],
        [(29_999, other), (-99_999, year)],
        [(30_001, other), (-100_001, year)],
        [(5, year_of(agreement, 3)), (30_000, other), (-100_000, year)],
        [(30_000, year), (-100_000, year), (30_000, other)],
    ]
    for entries in wrong:
        with (
            refused("at zero in each year|once_a_year|more is taken back"),
            transaction.atomic(),
        ):
            for amount, one in entries:
                entered(credit, EntryKind.REVERSED, amount, year=one)
            at_commit()

    entered(credit, EntryKind.REVERSED, 30_000, year=other)
    entered(credit, EntryKind.REVERSED, -100_000, year=year)
    at_commit()
    with refused("at zero in each year"), transaction.atomic():
        entered(credit, EntryKind.RAISED, 1)
        at_commit()
