"""How likely staff hold a renewal, and what the forecast makes of it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from consortium import services
from consortium.models import RenewalEstimate
from consortium.services.interests import HasInterest
from consortium.services.renewals import NotAPercentage, NothingToRenew
from consortium.services.two_people import SaysNoReason
from consortium.states import ForecastKind
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory, draft, sign
from tests.factories.credits import at
from tests.factories.renewals import estimate

pytestmark = pytest.mark.django_db

#: The first day after the term of three years from May 27, 2025.
NEXT = date(2028, 5, 27)


@pytest.fixture
def agreement(db):
    return sign(draft(OrganizationFactory(name="Siemens")))


def renewal() -> tuple[Decimal, int | None, Decimal]:
    (line,) = [
        line
        for line in services.forecast(on=TODAY).lines
        if line.kind == ForecastKind.RENEWAL
    ]
    return line.amount, line.probability, line.weighted


def test_the_forecast_weighs_the_next_term_by_the_last_estimate(agreement):
    estimate(agreement, 80)
    estimate(agreement, 33)

    assert renewal() == (Decimal(275_000), 33, Decimal("90750.00"))
    found = services.forecast(on=TODAY)
    assert (found.weighted, found.not_estimated) == (Decimal(90_750), 0)


def test_what_nobody_estimated_stands_apart_with_its_whole_amount(agreement):
    assert renewal() == (Decimal(275_000), None, Decimal())
    assert services.forecast(on=TODAY).not_estimated == 1


def test_a_renewal_is_in_no_sum_of_cash_however_likely(agreement):
    before = services.forecast(on=TODAY).cash

    estimate(agreement, 100)

    assert services.forecast(on=TODAY).cash == before


def test_each_month_tells_its_weighted_part_and_all_months_the_whole(agreement):
    other = sign(draft(OrganizationFactory(name="Flex")))
    estimate(agreement, 50)
    estimate(other, 10)

    found = services.forecast(on=TODAY)

    (month,) = [month for month in found.months if month.weighted]
    assert (month.first, month.weighted) == (NEXT.replace(day=1), Decimal(165_000))
    assert sum(line.weighted for line in found.lines) == found.weighted


@pytest.mark.parametrize("probability", [-1, 101])
def test_it_is_a_percentage(agreement, probability):
    with pytest.raises(NotAPercentage):
        estimate(agreement, probability)
    with pytest.raises(IntegrityError), transaction.atomic():
        RenewalEstimate.objects.create(
            agreement=agreement,
            probability=probability,
            reason="By hand",
            estimated_at=at(TODAY),
        )


@pytest.mark.parametrize("probability", [0, 100])
def test_nothing_and_certainty_are_estimates(agreement, probability):
    assert estimate(agreement, probability).probability == probability


def test_it_says_why(agreement):
    with pytest.raises(SaysNoReason):
        estimate(agreement, reason=" ")


def test_what_is_no_term_in_force_is_not_renewed(agreement):
    with pytest.raises(NothingToRenew):
        estimate(draft(OrganizationFactory()))
    with pytest.raises(NothingToRenew):
        estimate(agreement, today=NEXT)


def test_a_term_whose_next_one_is_signed_is_not_estimated(agreement):
    following = draft(agreement.organization, effective_on=NEXT)
    sign(following)

    with pytest.raises(NothingToRenew):
        estimate(agreement)


def test_who_disclosed_an_interest_estimates_nothing(agreement):
    insider = staff("program staff")
    services.disclose_interest(
        agreement.organization,
        person=insider,
        reason="Shares",
        from_on=TODAY,
        until_on=None,
        at=at(TODAY),
        by=staff("director"),
    )

    with pytest.raises(HasInterest):
        estimate(agreement, by=insider)


def test_estimates_stay_as_they_were(agreement):
    first = estimate(agreement, 80)

    with pytest.raises(DatabaseError), transaction.atomic():
        RenewalEstimate.objects.filter(pk=first.pk).update(probability=10)
    told = JournalEntry.objects.filter(verb=Verb.RENEWAL_ESTIMATED).get()
    assert told.facts == {"probability": 80, "estimate": first.pk}
