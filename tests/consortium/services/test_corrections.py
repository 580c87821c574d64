"""What is put right later: each correction counts once, and leaves a way on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from consortium import services
from consortium.models import (
    ApprovingOffice,
    Category,
    ContributionCredit,
    CreditEntry,
    EntryKind,
    InKindItem,
)
from consortium.services import YearTerms
from consortium.services.decisions import NotValued
from consortium.services.in_kind import ApprovalMissing
from consortium.services.reversals import NothingStands, ReducesAll
from consortium.states import ItemState, Outcome
from consortium.verbs import Verb
from inm_portal.kernel import invariants
from inm_portal.kernel.models import JournalEntry, Message
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    person_at,
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
from tests.kernel.files import sent

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
    return ContributionCredit.objects.with_outcome("is_valued").get(pk=credit.pk)


def may(person, action, credit) -> bool:
    return person.has_perm(f"consortium.{action}_contributioncredit", credit)


def counted(agreement) -> list[tuple[Decimal, Decimal]]:
    """Return what of each year is credited, and recognized beside it."""
    years = agreement.commitment_years.order_by("number")
    rows = [position(year, TODAY) for year in years]
    return [(row.credited, row.recognized) for row in rows]


# --- what a dispute raised


def test_what_was_rejected_and_a_dispute_raised_is_as_any_other_credit(
    year, agreement, director, another, given
):
    thing = given(year, 40_000, accepted=0)
    assert found(thing).outcome == Outcome.REJECTED
    assert not may(director, "reverse", thing)

    settled(thing, 40_000, by=another)

    assert found(thing).outcome == Outcome.ACCEPTED
    assert found(thing).item.stage == "credited"
    assert may(director, "reduce", thing)
    assert may(director, "reverse", thing)
    services.reverse_credit(thing, reason="Wrong", **NOW, by=director)
    assert found(thing).outcome == Outcome.REVERSED
    assert found(thing).item.stage == "valued"
    assert counted(agreement)[0] == (0, 0)


@pytest.mark.parametrize(
    ("accepted", "settlements", "cut", "outcome"),
    [
        (30_000, [], 0, Outcome.PARTLY_ACCEPTED),
        (30_000, [], 1_000, Outcome.REDUCED),
        (30_000, [40_000], 0, Outcome.ACCEPTED),
        (30_000, [40_000], 5_000, Outcome.REDUCED),
        (30_000, [35_000], 0, Outcome.PARTLY_ACCEPTED),
        (30_000, [30_000], 0, Outcome.PARTLY_ACCEPTED),
        (40_000, [35_000], 0, Outcome.REDUCED),
        (40_000, [35_000, 40_000], 0, Outcome.ACCEPTED),
        (40_000, [0], 0, Outcome.REVERSED),
        (0, [0], 0, Outcome.REJECTED),
        (0, [30_000], 0, Outcome.PARTLY_ACCEPTED),
    ],
)
def test_the_outcome_follows_from_what_stands_of_what_was_given(
    year, director, another, given, accepted, settlements, cut, outcome
):
    thing = given(year, 40_000, accepted=accepted)
    for value in settlements:
        settled(thing, value, by=another)
    if cut:
        reduce(thing, cut, by=director)

    assert found(thing).outcome == outcome
    assert list(invariants.broken()) == []


def test_a_raise_gives_back_first_what_was_cut_in_another_year(
    year, agreement, another, given
):
    thing = given(year, 40_000)

    settled(thing, 35_000, by=another)
    assert counted(agreement) == [(40_000, 0), (-5_000, 0), (0, 0)]
    settled(thing, 38_000, by=another)
    assert counted(agreement) == [(40_000, 0), (-2_000, 0), (0, 0)]
    settled(thing, 40_000, by=another)

    assert counted(agreement) == [(40_000, 0), (0, 0), (0, 0)]


def test_what_is_raised_beyond_a_cut_counts_in_its_own_year(
    year, agreement, another, given
):
    thing = given(year, 45_000, accepted=40_000)

    settled(thing, 35_000, by=another)
    settled(thing, 45_000, by=another)

    assert counted(agreement) == [(45_000, 0), (0, 0), (0, 0)]


@pytest.mark.parametrize("value", [1_001, 90_000])
def test_a_dispute_is_settled_at_no_more_than_somebody_found(
    year, another, finance, given, value
):
    thing = given(year, 90_000, value=1_000, accepted=1_000)

    with pytest.raises(NotValued) as refusal, transaction.atomic():
        settled(thing, value, by=another)
    assert refusal.value.field == "value"
    services.add_appraisal(
        thing,
        appraiser="An appraiser",
        appraised_on=IN_YEAR_1,
        value=Decimal(value),
        file=sent(),
        **NOW,
        by=finance,
    )
    settled(thing, value, by=another)

    assert found(thing).standing == value


# --- what is taken back


def test_a_dispute_that_is_open_ends_with_the_reversal(year, director, given):
    thing = given(year, 40_000)
    dispute(thing, 39_000)

    services.reverse_credit(thing, reason="Broken", **NOW, by=director)

    outcome = thing.item.disputes.get().outcome
    assert (outcome.value, outcome.reason) == (0, "Broken")
    assert JournalEntry.objects.filter(verb=Verb.DISPUTE_SETTLED).count() == 1
    assert not may(director, "dispute", thing)
    with pytest.raises(NothingStands):
        dispute(thing, 40_000)


@pytest.mark.parametrize("accepted", [0, 40_000])
def test_a_dispute_that_is_open_ends_with_the_return(year, director, given, accepted):
    thing = given(year, 40_000, accepted=accepted)
    dispute(thing, 39_000)

    services.return_item(thing, reason="Broken", **NOW, by=director)

    assert thing.item.disputes.get().outcome.value == 0


@pytest.mark.parametrize("on", [IN_YEAR_1, TODAY], ids=["open", "closed"])
def test_all_of_a_credit_is_reversed_and_not_reduced(year, director, on):
    credit = decide(claim(year, 100_000), by=director)

    with pytest.raises(ReducesAll, match="reverse it"):
        reduce(credit, 100_000, by=director, on=on)

    services.reverse_credit(credit, reason="Wrong", at=at(on), today=on, by=director)
    assert found(credit).standing == 0


def test_a_dispute_settled_at_nothing_reverses_and_is_told_once(
    year, agreement, another, given
):
    sponsor = person_at(agreement.organization, "sponsor").user
    thing = given(year, 40_000)

    settled(thing, 0, by=another)

    assert counted(agreement) == [(0, 0), (0, 0), (0, 0)]
    kinds = Message.objects.filter(recipient=sponsor.email).values_list("kind")
    assert ("consortium/mail/dispute_settled",) in kinds
    assert ("consortium/mail/credit_reversed",) not in kinds


def test_a_cut_of_what_was_only_recognized_stays_in_its_year(
    year, agreement, director, given
):
    thing = given(year, 72_000)
    assert counted(agreement)[0] == (50_000, 22_000)

    reduce(thing, 10_000, by=director)
    assert counted(agreement) == [(50_000, 12_000), (0, 0), (0, 0)]
    reduce(thing, 20_000, by=director)

    assert counted(agreement) == [(50_000, 0), (-8_000, 0), (0, 0)]


def test_the_reversal_of_what_never_counted_opens_no_cure_period(year, director):
    decide(claim(year, 400_000), by=director)
    visit = decide(claim(year, 1, category=Category.HOSTING), by=director)
    cure_until = position(year, TODAY).cure_until

    services.reverse_credit(visit, reason="Not hosted", **NOW, by=director)

    assert position(year, TODAY).cure_until == cure_until < TODAY


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
