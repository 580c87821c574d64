"""By which instalments a fee is paid, and what an amendment changes of them."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from consortium import services
from consortium.services import YearTerms
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory, amend, draft, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db):
    """An agreement of three years from May 27, 2025; today is November 22, 2026."""
    return sign(draft(OrganizationFactory(), billing_frequency="quarterly"))


def terms(fee) -> YearTerms:
    return YearTerms(Decimal(500_000), Decimal(fee))


def instalments(amendment) -> list[tuple[str, str, str]]:
    """Return what changes of the instalments to come: when, before and after."""
    _entitlements, (_part, changes) = services.elsewhere(amendment)
    return [(change.what, change.before, change.after) for change in changes]


def test_a_fee_is_paid_on_the_first_day_of_each_part_of_its_year(agreement):
    year = agreement.commitment_years.get(number=1)

    found = services.instalments_of(year, Decimal("275000.02"), "quarterly")

    assert [(one.due_on, one.amount) for one in found] == [
        (date(2025, 5, 27), Decimal("68750.01")),
        (date(2025, 8, 27), Decimal("68750.01")),
        (date(2025, 11, 27), Decimal("68750.00")),
        (date(2026, 2, 27), Decimal("68750.00")),
    ]


@pytest.mark.parametrize(
    ("frequency", "count"), [("annual", 1), ("semi_annual", 2), ("quarterly", 4)]
)
@pytest.mark.parametrize("fee", ["0.00", "0.01", "0.03", "275000.00", "333333.35"])
def test_instalments_add_up_to_the_fee(agreement, frequency, count, fee):
    year = agreement.commitment_years.get(number=1)

    found = services.instalments_of(year, Decimal(fee), frequency)

    assert len(found) <= count
    assert sum((one.amount for one in found), Decimal()) == Decimal(fee)


def test_a_year_to_come_is_paid_by_other_instalments(agreement):
    changed = amend(agreement, years={3: terms(300_000)})

    assert instalments(changed) == [
        ("Year 3, May 27, 2027", "$68,750", "$75,000"),
        ("Year 3, Aug 27, 2027", "$68,750", "$75,000"),
        ("Year 3, Nov 27, 2027", "$68,750", "$75,000"),
        ("Year 3, Feb 27, 2028", "$68,750", "$75,000"),
    ]


def test_what_was_due_stays_and_the_rest_is_split_over_what_is_to_come(agreement):
    raised = amend(agreement, years={2: terms(300_000)})

    assert instalments(raised) == [
        ("Year 2, Nov 27, 2026", "$68,750", "$81,250"),
        ("Year 2, Feb 27, 2027", "$68,750", "$81,250"),
    ]


def test_more_than_the_fee_that_was_due_is_settled_on_the_day(agreement):
    cut = amend(agreement, years={2: terms(100_000)})

    assert instalments(cut) == [
        ("Year 2, Nov 22, 2026", "", "-$37,500"),
        ("Year 2, Nov 27, 2026", "$68,750", ""),
        ("Year 2, Feb 27, 2027", "$68,750", ""),
    ]


def test_a_raise_after_the_last_instalment_of_a_year_is_due_on_the_day():
    yearly = sign(draft(OrganizationFactory()))

    raised = amend(yearly, years={2: terms(300_000)})

    assert instalments(raised) == [("Year 2, Nov 22, 2026", "", "$25,000")]


def test_another_billing_moves_the_instalments_of_each_year_to_come(agreement):
    seldom = amend(agreement, billing_frequency="annual")

    assert instalments(seldom)[-4:] == [
        ("Year 3, May 27, 2027", "$68,750", "$275,000"),
        ("Year 3, Aug 27, 2027", "$68,750", ""),
        ("Year 3, Nov 27, 2027", "$68,750", ""),
        ("Year 3, Feb 27, 2028", "$68,750", ""),
    ]


def test_terms_that_are_not_about_money_leave_the_instalments(agreement):
    assert instalments(amend(agreement, payment_terms_days=60)) == []


def test_the_page_shows_what_changes_of_the_cash_that_is_expected(agreement, sign_in):
    raised = amend(agreement, years={3: terms(300_000)})
    url = reverse("consortium:amendment", args=[raised.pk])

    page = sign_in(staff("program staff")).get(url)

    preview = page.context["preview"]
    assert [line.fee_change for line in preview.years] == [0, 0, 25_000]
    assert (preview.fee_before, preview.fee_after) == (825_000, 850_000)
    text = page.content.decode()
    for words in ["Expected cash", "$850,000", "Instalments to come", "$75,000"]:
        assert words in text
