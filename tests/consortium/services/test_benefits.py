"""What a member gets in a year, what it used, and what an amendment does to it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from consortium import services
from consortium.models import (
    Agreement,
    BenefitGrant,
    BenefitUse,
    Entitlement,
    GrantSource,
)
from consortium.services import YearTerms
from consortium.services.benefits import (
    AlreadyReversed,
    GrantsNothing,
    NotItsDeviation,
    OutsideYear,
    OverUse,
    UsesNothing,
)
from consortium.services.interests import HasInterest
from consortium.services.two_people import SaysNoReason
from consortium.verbs import Verb
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.previews import Change
from tests.conftest import TODAY
from tests.factories.accounts import staff
from tests.factories.benefits import benefit, entitlement, grant, use
from tests.factories.consortium import (
    OrganizationFactory,
    amend,
    draft,
    elsewhere,
    sign,
    sign_amendment,
)
from tests.factories.credits import at

pytestmark = pytest.mark.django_db

LARGER = YearTerms(Decimal(750_000), Decimal(275_000))


@pytest.fixture
def agreement(db) -> Agreement:
    """Three years of $500,000 from May 27, 2025; year 2 is open today."""
    return sign(draft(OrganizationFactory()))


def figures(one: Entitlement) -> tuple[int, int, int]:
    return one.quantity, one.used, one.left


def reverse(row, reason="Nobody came"):
    return services.reverse_use(row, reason=reason, at=at(TODAY), by=None)


def test_each_year_gets_what_its_amount_gives(agreement):
    benefit()
    larger = sign(draft(OrganizationFactory(), years=[LARGER] * 3))

    assert figures(entitlement(agreement)) == (2, 0, 2)
    assert figures(entitlement(larger)) == (4, 0, 4)


def test_an_amount_that_is_just_reached_gets_the_larger_one(agreement):
    benefit(larger_from=Decimal(500_000))

    assert entitlement(agreement).quantity == 4


def test_years_that_end_before_a_benefit_begins_have_none(agreement):
    benefit(from_on=date(2026, 5, 27))

    assert [*Entitlement.objects.values_list("commitment_year__number", flat=True)] == [
        2,
        3,
    ]


def test_case_6_a_larger_amount_gives_more_from_its_effective_day_on(agreement):
    """Member raises to $750k mid-year: its tier counts from that date only."""
    benefit()
    use(entitlement(agreement), 2, used_on=date(2026, 7, 1))
    raised = amend(agreement, years={2: LARGER}, effective_on=date(2026, 9, 1))
    assert figures(entitlement(agreement)) == (2, 2, 0)

    sign_amendment(raised)

    assert figures(entitlement(agreement, on=date(2026, 8, 31))) == (2, 2, 0)
    assert figures(entitlement(agreement, on=date(2026, 9, 1))) == (4, 2, 2)
    assert figures(entitlement(agreement, 1)) == (2, 0, 2)
    assert figures(entitlement(agreement, 3)) == (2, 0, 2)


def test_a_raise_that_is_counted_pro_rata_gives_what_a_whole_year_would(agreement):
    benefit()
    told = {"years": {2: LARGER}, "counting": "pro_rata"}
    sign_amendment(amend(agreement, effective_on=date(2026, 10, 1), **told))

    assert entitlement(agreement).quantity == 4


def test_what_was_used_stays_when_an_amendment_gives_less():
    benefit()
    agreement = sign(draft(OrganizationFactory(), years=[LARGER] * 3))
    use(entitlement(agreement), 4, used_on=date(2026, 6, 1))
    less = YearTerms(Decimal(500_000), Decimal(275_000))
    sign_amendment(amend(agreement, years={2: less}, effective_on=date(2026, 9, 1)))

    one = entitlement(agreement)

    assert figures(one) == (2, 4, -2)
    assert one.is_over_used


def test_case_6_the_preview_tells_the_entitlements_before_and_after(agreement):
    benefit()
    grant(entitlement(agreement))
    amendment = amend(agreement, years={2: LARGER, 4: LARGER})
    seats = [
        Change("Year 2, Symposium seats", "3 seats", "5 seats"),
        Change("Year 4, Symposium seats", "", "4 seats"),
    ]

    assert elsewhere(amendment)[0] == (
        "Entitlements",
        seats,
    )

    signed = sign_amendment(amendment)
    assert elsewhere(signed)[0] == (
        "Entitlements",
        seats,
    )
    assert [entitlement(agreement, number).quantity for number in (2, 4)] == [5, 4]


def test_the_preview_tells_nothing_where_no_tier_is_reached(agreement):
    benefit()
    more = YearTerms(Decimal(600_000), Decimal(275_000))

    assert elsewhere(amend(agreement, years={2: more}))[0][1] == []


def test_case_12_a_deviation_gives_what_the_template_does_not():
    """Member wants "2 board seats", template gives 1."""
    benefit("Board seats", quantity=1, larger_from=None, larger_quantity=None)
    agreement = draft(OrganizationFactory())
    deviation = services.add_deviation(
        agreement,
        clause="4.2, board seats",
        template_says="One",
        agreement_says="Two",
        reason="A founding member",
        by=staff("director"),
    )
    sign(agreement)

    row = grant(entitlement(agreement), deviation=deviation)

    assert row.source == GrantSource.DEVIATION
    assert entitlement(agreement).quantity == 2
    other = sign(draft(OrganizationFactory()))
    with pytest.raises(NotItsDeviation):
        grant(entitlement(other), deviation=deviation)
    with pytest.raises(DatabaseError), transaction.atomic():
        BenefitGrant.objects.create(
            commitment_year=entitlement(other).commitment_year,
            **{"benefit": row.benefit, "quantity": 1, "deviation": deviation},
            **{"reason": "Around Python", "recorded_at": at(TODAY)},
        )


def test_goodwill_says_why_and_never_takes(agreement):
    benefit()
    one = entitlement(agreement)
    with pytest.raises(SaysNoReason):
        grant(one, reason=" ")
    for quantity in (0, -1):
        with pytest.raises(GrantsNothing):
            grant(one, quantity)
    by = staff("director")
    services.disclose_interest(
        agreement.organization,
        person=by,
        **{"reason": "Shares", "from_on": TODAY, "at": at(TODAY), "by": None},
    )
    with pytest.raises(HasInterest):
        grant(one, by=by)

    assert grant(one).source == GrantSource.GOODWILL
    assert figures(entitlement(agreement)) == (3, 0, 3)


def test_more_than_is_left_is_used_only_with_a_reason(agreement):
    benefit()
    one = entitlement(agreement)
    for words in ("", "  "):
        with pytest.raises(OverUse, match="Only 2 is left"):
            use(one, 3, over_use_reason=words)

    row = use(one, 3, over_use_reason="A speaker of theirs")

    assert row.over_use_reason == "A speaker of theirs"
    assert figures(entitlement(agreement)) == (2, 3, -1)


def test_what_is_left_is_used_without_a_reason_and_keeps_none(agreement):
    benefit()

    row = use(entitlement(agreement), 2, over_use_reason="Not needed")

    assert row.over_use_reason == ""
    facts = JournalEntry.objects.get(verb=Verb.BENEFIT_USED).facts
    assert (facts["quantity"], facts["over"]) == (2, False)


def test_a_use_is_taken_back_once_and_as_a_whole(agreement):
    benefit()
    row = use(entitlement(agreement), 2)

    back = reverse(row)

    assert (back.quantity, back.reverses) == (-2, row)
    assert figures(entitlement(agreement)) == (2, 0, 2)
    for one in (row, back):
        with pytest.raises(AlreadyReversed):
            reverse(one)
    third = use(entitlement(agreement), 2)
    with pytest.raises(SaysNoReason):
        reverse(third, "")
    with pytest.raises(DatabaseError), transaction.atomic():
        BenefitUse.objects.create(
            commitment_year=third.commitment_year,
            **{"benefit": third.benefit, "quantity": -1, "reverses": third},
            **{"used_on": TODAY, "what": "Half", "recorded_at": at(TODAY)},
        )


def test_rows_of_uses_and_grants_are_never_changed(agreement):
    benefit()
    rows = [use(entitlement(agreement)), grant(entitlement(agreement))]

    for row in rows:
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(quantity=9)


@pytest.mark.parametrize(
    "used_on", [date(2026, 5, 26), date(2026, 11, 23), date(2027, 5, 27)]
)
def test_a_year_is_used_within_it_and_not_ahead(agreement, used_on):
    benefit()

    with pytest.raises(OutsideYear):
        use(entitlement(agreement), used_on=used_on)


def test_what_carries_over_is_used_until_the_end_of_the_next_year(agreement):
    benefit(carries_over=True)
    first = entitlement(agreement, 1)

    use(first)

    assert first.usable_until == date(2027, 5, 26)
    assert entitlement(agreement, 3).usable_until == date(2028, 5, 26)
    assert figures(entitlement(agreement, 1)) == (2, 1, 1)


def test_what_does_not_carry_over_is_lost_with_its_year(agreement):
    benefit()

    with pytest.raises(OutsideYear):
        use(entitlement(agreement, 1))


@pytest.mark.parametrize("quantity", [0, -1])
def test_at_least_one_is_used(agreement, quantity):
    benefit()

    with pytest.raises(UsesNothing):
        use(entitlement(agreement), quantity)
