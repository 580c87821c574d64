"""What every member gets in a year: defined once, changed for years ahead, ended."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from consortium import services
from consortium.models import (
    Benefit,
    BenefitRate,
    CommitmentYear,
    Entitlement,
    rate_of_year,
)
from consortium.services import YearTerms
from consortium.services.benefit_definitions import (
    BenefitDefined,
    BenefitHasEnded,
    GivesNothing,
    LargerIsNotMore,
    RateNotAhead,
)
from consortium.services.two_people import SaysNoReason
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.previews import Change
from tests.conftest import TODAY
from tests.factories.benefits import benefit, entitlement, grant
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    elsewhere,
    sign,
)
from tests.factories.credits import at
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db

#: The third year of the agreement begins on it; the second is under way.
THIRD = date(2027, 5, 27)


@pytest.fixture
def agreement(db):
    """Three years of $500,000 from May 27, 2025; year 2 is open today."""
    return sign(draft(OrganizationFactory()))


def change(one: Benefit, quantity: int = 3, from_on: date = THIRD, **told):
    given = {"reason": "The board said so", "today": TODAY, "at": at(TODAY), "by": None}
    told = given | told
    return services.change_benefit(one, quantity=quantity, from_on=from_on, **told)


def end(one: Benefit, from_on: date = THIRD, **told):
    given = {"reason": "Nobody used it", "today": TODAY, "at": at(TODAY), "by": None}
    return services.end_benefit(one, from_on=from_on, **given | told)


def quantities(agreement) -> dict[int, int]:
    rows = Entitlement.objects.standing(on=TODAY)
    rows = rows.filter(commitment_year__agreement=agreement)
    return dict(rows.values_list("commitment_year__number", "quantity"))


@pytest.mark.parametrize(
    "told",
    [
        {"larger_from": None},
        {"larger_quantity": None},
        {"larger_quantity": 2},
        {"larger_quantity": 1},
    ],
)
def test_a_larger_quantity_is_larger_from_an_amount(told):
    with pytest.raises(LargerIsNotMore):
        benefit(**told)
    assert not Benefit.objects.exists()


def test_a_benefit_gives_something_to_somebody():
    with pytest.raises(GivesNothing):
        benefit(quantity=0, larger_from=None, larger_quantity=None)

    assert benefit(quantity=0).rates.get().quantity_of(Decimal(700_000)) == 4


def test_a_benefit_is_defined_once_whatever_its_capitals():
    first = benefit()

    with pytest.raises(BenefitDefined):
        benefit(first.name.upper())
    with pytest.raises(IntegrityError), transaction.atomic():
        first.pk = None
        first.save(force_insert=True)


def test_a_change_counts_in_years_that_begin_on_its_day_or_later(agreement):
    change(benefit())

    assert quantities(agreement) == {1: 2, 2: 2, 3: 3}


def test_a_day_later_the_year_keeps_what_it_had(agreement):
    change(benefit(), from_on=date(2027, 5, 28))

    assert quantities(agreement) == {1: 2, 2: 2, 3: 2}


def test_the_first_rate_counts_for_years_under_way_and_a_later_one_does_not(agreement):
    one = benefit(from_on=date(2026, 1, 1))
    change(one, from_on=date(2026, 12, 1))

    assert quantities(agreement) == {1: 2, 2: 2, 3: 3}


def test_an_end_takes_it_from_years_ahead_alone(agreement):
    end(benefit())

    assert quantities(agreement) == {1: 2, 2: 2}


def test_what_was_granted_for_a_year_ahead_stays_when_a_benefit_ends(agreement):
    one = benefit()
    grant(entitlement(agreement, 3), 2)

    end(one)

    assert quantities(agreement) == {1: 2, 2: 2, 3: 2}


def test_what_ended_can_begin_again(agreement):
    one = benefit()
    end(one, date(2027, 1, 1))

    change(one)

    assert quantities(agreement) == {1: 2, 2: 2, 3: 3}


def test_an_end_is_said_once():
    one = benefit()
    end(one)

    with pytest.raises(BenefitHasEnded):
        end(one, date(2028, 1, 1))


@pytest.mark.parametrize("act", [change, end])
def test_nothing_is_taken_from_years_that_began(act):
    one = benefit()

    with pytest.raises(RateNotAhead, match="after Nov 22, 2026"):
        act(one, from_on=TODAY)
    assert one.rates.count() == 1


@pytest.mark.parametrize("act", [change, end])
def test_changes_follow_each_other(act):
    one = benefit()
    change(one)

    with pytest.raises(RateNotAhead, match="after May 27, 2027"):
        act(one, from_on=THIRD)


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_the_second_sees_the_first(transactional_db):
    one = benefit()

    told = at_once(lambda: change(one, 3), lambda: change(one, 4))

    assert refusals(told) == [RateNotAhead]
    assert one.rates.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_definitions_at_once_the_second_is_told_of_the_first(transactional_db):
    told = at_once(benefit, lambda: benefit("SYMPOSIUM SEATS"))

    assert refusals(told) == [BenefitDefined]
    assert Benefit.objects.count() == 1


@pytest.mark.parametrize("act", [change, end])
def test_a_change_says_why(act):
    with pytest.raises(SaysNoReason):
        act(benefit(), reason=" ")


def test_a_change_is_held_to_what_a_definition_is():
    one = benefit()

    with pytest.raises(GivesNothing):
        change(one, 0)
    with pytest.raises(LargerIsNotMore):
        change(one, 5, larger_from=Decimal(700_000), larger_quantity=5)


def test_each_act_is_in_the_journal():
    one = benefit()
    change(one)
    end(one, date(2028, 1, 1))

    verbs = JournalEntry.objects.order_by("pk").values_list("verb", flat=True)
    told = [Verb.BENEFIT_DEFINED, Verb.BENEFIT_CHANGED, Verb.BENEFIT_ENDED]
    assert [verb for verb in verbs if "consortium.benefit" in verb] == told


def test_the_database_keeps_rates_as_they_were_set():
    rate = benefit().rates.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        BenefitRate.objects.filter(pk=rate.pk).update(quantity=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        BenefitRate.objects.create(
            benefit=rate.benefit,
            from_on=rate.from_on,
            quantity=1,
            recorded_at=at(TODAY),
        )


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_rate_of_a_year_is_chosen_alike_in_sql_and_in_python(agreement, number):
    one = benefit(from_on=date(2026, 1, 1))
    change(one, from_on=date(2026, 12, 1))
    change(one, 5, from_on=date(2027, 5, 27))
    year = CommitmentYear.objects.get(agreement=agreement, number=number)

    told = rate_of_year(one.rates.all(), year.starts_on, year.ends_on)

    assert Entitlement.objects.get(commitment_year=year).rate == told


def test_the_preview_tells_the_rate_of_years_that_an_amendment_adds(agreement):
    change(benefit(), from_on=date(2028, 1, 1))
    added = YearTerms(Decimal(500_000), Decimal(275_000))
    amendment = amend(agreement, years={4: added})

    told = dict(elsewhere(amendment))["Entitlements"]

    assert told == [Change("Year 4, Symposium seats", "", "3 seats")]


def test_the_preview_tells_nothing_of_what_has_ended(agreement):
    end(benefit())
    amendment = amend(
        agreement, years={4: YearTerms(Decimal(500_000), Decimal(275_000))}
    )

    assert dict(elsewhere(amendment)).get("Entitlements", []) == []
