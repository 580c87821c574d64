"""What is put right later: each correction counts once, and leaves a way on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from consortium import services
from consortium.models import (
    ApprovingOffice,
    ContributionCredit,
    CreditEntry,
    EntryKind,
    InKindItem,
)
from consortium.services import YearTerms
from consortium.services.in_kind import ApprovalMissing
from consortium.states import ItemState, Outcome
from consortium.verbs import Verb
from inm_portal.kernel import invariants
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    sign,
    sign_amendment,
)
from tests.factories.credits import (
    IN_YEAR_1,
    at,
    claim,
    decide,
    delivered,
    offer,
    position,
    year_of,
)

pytestmark = pytest.mark.django_db

IN_YEAR_2 = date(2026, 9, 1)
NOW = {"at": at(TODAY), "today": TODAY}


@pytest.fixture
def director(db):
    return staff("director")


@pytest.fixture
def another(db):
    return staff("director")


@pytest.fixture
def finance(db):
    return staff("finance")


@pytest.fixture
def agreement(db):
    return sign(draft(OrganizationFactory()))


@pytest.fixture
def year(agreement):
    return year_of(agreement)


@pytest.fixture
def given(director, finance):
    """Return what brings software into a year, of which so much is accepted."""

    def give(year, amount, *, accepted=None, value=None, on=IN_YEAR_1):
        thing = offer(year, amount, on=on)
        people = {"valued_by": finance, "by": director}
        delivered(thing, basis=value or amount, on=on, **people)
        return decide(thing, accepted, by=director, on=on)

    return give


def dispute(credit, figure) -> None:
    services.dispute_value(
        credit,
        figure=Decimal(figure),
        method="list",
        reason="It is newer",
        at=at(TODAY),
        by=None,
    )


def settled(credit, value, *, by):
    dispute(credit, value)
    return services.settle_dispute(
        credit, value=Decimal(value), reason="Looked at", **NOW, by=by
    )


def reduce(credit, amount, *, by, on=TODAY):
    return services.reduce_credit(
        credit, amount=Decimal(amount), reason="Cut", at=at(on), today=on, by=by
    )


def found(credit):
    return ContributionCredit.objects.with_outcome().get(pk=credit.pk)


def may(person, action, credit) -> bool:
    return person.has_perm(f"consortium.{action}_contributioncredit", credit)


def counted(agreement) -> list[tuple[Decimal, Decimal]]:
    """Return what of each year is credited, and recognized beside it."""
    years = agreement.commitment_years.order_by("number")
    rows = [position(year, TODAY) for year in years]
    return [(row.credited, row.recognized) for row in rows]


# --- the cap of a year that an amendment changes


def amended(agreement, required, director) -> None:
    years = {2: YearTerms(Decimal(required), Decimal(275_000))}
    amendment = amend(agreement, years=years)
    if required < 500_000:
        services.waive_amendment(amendment, reason="Asked", at=at(TODAY), by=director)
        amendment.refresh_from_db()
    sign_amendment(amendment)


def test_a_year_that_an_amendment_raises_credits_what_was_only_recognized(
    agreement, director, given
):
    year = year_of(agreement, 2)
    given(year, 90_000, on=IN_YEAR_2)
    assert counted(agreement)[1] == (50_000, 40_000)

    amended(agreement, 750_000, director)

    assert counted(agreement)[1] == (75_000, 15_000)


def test_a_year_that_an_amendment_cuts_recognizes_what_is_above_its_cap(
    agreement, director, given
):
    year = year_of(agreement, 2)
    first = given(year, 35_000, on=IN_YEAR_2)
    last = given(year, 15_000, on=IN_YEAR_2 + timedelta(days=1))

    amended(agreement, 300_000, director)

    assert counted(agreement)[1] == (30_000, 20_000)
    assert [found(one).credited for one in (first, last)] == [30_000, 0]
    assert {found(one).outcome for one in (first, last)} == {Outcome.ACCEPTED}
    moved = CreditEntry.objects.filter(kind=EntryKind.CAPPED).order_by("pk")
    assert [(one.credit, one.amount, one.recognized) for one in moved] == [
        (last, -15_000, 15_000),
        (first, -5_000, 5_000),
    ]
    assert {one.reason for one in moved} == {"The cap fell by amendment 1."}
    assert JournalEntry.objects.filter(verb=Verb.CREDIT_CAPPED).count() == 2
    assert list(invariants.broken()) == []
    amended(agreement, 500_000, director)
    assert counted(agreement)[1] == (50_000, 0)


def test_around_python_what_is_above_the_cap_stays_recognized(year, given):
    thing = given(year, 40_000)
    capped = {"credit": thing, "commitment_year": year, "kind": EntryKind.CAPPED}
    capped |= {"value_on": TODAY, "recorded_at": at(TODAY), "reason": "Why not"}

    for amount, recognized in [(-10, 9), (-10, 0), (10, -10)]:
        with pytest.raises(DatabaseError), transaction.atomic():
            CreditEntry.objects.create(amount=amount, recognized=recognized, **capped)


# --- what an approval was given for


def assess(thing, by, **found):
    return services.assess_item(thing, today=IN_YEAR_1, by=by, **found)


def approve(thing, by):
    return services.approve_item(
        thing,
        office=ApprovingOffice.EHS,
        approved_by="An office",
        approved_on=IN_YEAR_1,
        at=at(IN_YEAR_1),
        today=IN_YEAR_1,
        by=by,
    )


def test_an_approval_is_of_the_assessment_that_its_office_saw(year, director, finance):
    laser = offer(year, 40_000)
    assess(laser, finance, needs_ehs_approval=True, site="Lab A")
    approve(laser, finance)
    assess(laser, finance, site="Dormitory", restrictions="Laser class 4")
    laser.refresh_from_db()
    agree = {"at": at(IN_YEAR_1), "today": IN_YEAR_1, "by": director}

    with pytest.raises(ApprovalMissing, match="health and safety"):
        services.agree_to_item(laser, **agree)
    with pytest.raises(DatabaseError), transaction.atomic():
        InKindItem.objects.update(state=ItemState.AGREED)
    approve(laser, finance)
    services.agree_to_item(laser, **agree)

    assert InKindItem.objects.get().state == ItemState.AGREED


def test_an_assessment_that_says_the_same_leaves_the_approvals(year, director, finance):
    laser = offer(year, 40_000)
    assess(laser, finance, needs_ehs_approval=True, site="Lab A")
    approve(laser, finance)

    assess(laser, finance, needs_ehs_approval=True, site="Lab A")

    laser.refresh_from_db()
    services.agree_to_item(laser, at=at(IN_YEAR_1), today=IN_YEAR_1, by=director)


def test_around_python_another_assessment_is_counted(year, finance):
    assess(offer(year, 40_000), finance, site="Lab A")

    with pytest.raises(DatabaseError), transaction.atomic():
        InKindItem.objects.update(site="Dormitory")


# --- what a waiver is for


def test_the_page_of_a_waiver_says_what_is_missing_and_not_waived(cast, sign_in):
    year = year_of(cast.signed)
    credit = decide(claim(year, 475_000), by=cast["director"])
    services.waive_shortfall(year, reason="Asked", **NOW, by=cast["director"])
    services.reverse_credit(credit, reason="Wrong", **NOW, by=cast["director"])

    page = reverse("consortium:waive_shortfall", args=[year.pk])
    text = sign_in(cast["director"]).get(page).content.decode()

    assert "$475,000 is missing" in text
