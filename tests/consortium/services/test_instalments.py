"""By which instalments a fee is paid, and what an amendment changes of them."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from consortium import services
from consortium.demo import volume
from consortium.models import Instalment
from consortium.services import YearTerms
from inm_portal.kernel import invariants
from inm_portal.kernel.money import split
from tests.factories.accounts import staff
from tests.factories.consortium import (
    TODAY,
    OrganizationFactory,
    amend,
    draft,
    elsewhere,
    sign,
    sign_amendment,
)
from tests.factories.invoices import a_draft, issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db):
    """An agreement of three years from May 27, 2025; today is November 22, 2026."""
    return sign(draft(OrganizationFactory(), billing_frequency="quarterly"))


def terms(fee) -> YearTerms:
    return YearTerms(Decimal(500_000), Decimal(fee))


def in_force(agreement, number: int) -> list[tuple[date, Decimal]]:
    """Return the instalments of a year by day, then by number."""
    rows = Instalment.objects.in_force().filter(commitment_year__number=number)
    rows = rows.filter(commitment_year__agreement=agreement)
    return [*rows.order_by("due_on", "number").values_list("due_on", "amount")]


def instalments(amendment) -> list[tuple[str, str, str]]:
    """Return what changes of the instalments to come: when, before and after."""
    _entitlements, (_part, changes) = elsewhere(amendment)
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
        ("Year 2, Nov 22, 2026, by credit note", "", "-$37,500"),
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


def test_instalments_are_written_when_an_agreement_is_signed(agreement):
    assert in_force(agreement, 2) == [
        (date(2026, 5, 27), Decimal(68_750)),
        (date(2026, 8, 27), Decimal(68_750)),
        (date(2026, 11, 27), Decimal(68_750)),
        (date(2027, 2, 27), Decimal(68_750)),
    ]
    assert Instalment.objects.count() == 12
    assert list(invariants.broken()) == []


@pytest.mark.parametrize(
    ("effective_on", "days"),
    [
        (date(2026, 1, 31), ["2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31"]),
        (date(2024, 2, 29), ["2024-02-29", "2024-05-29", "2024-08-29", "2024-11-29"]),
    ],
)
def test_days_are_counted_from_the_first_and_never_drift(effective_on, days):
    terms = {"effective_on": effective_on, "billing_frequency": "quarterly"}
    signed = sign(draft(OrganizationFactory(), **terms))

    found = [day.isoformat() for day, _amount in in_force(signed, 1)]

    assert found == days


def test_cases_40_and_w9_a_third_of_a_fee_leaves_a_cent_and_the_sum_ties():
    found = split(Decimal("500000.00"), 3)

    assert found == [
        *[Decimal("166666.67"), Decimal("166666.67")],
        Decimal("166666.66"),
    ]


def test_case_5_what_an_amendment_changes_is_written_as_it_was_shown(agreement):
    raised = amend(agreement, years={2: terms(300_000), 4: terms(280_000)})
    shown = instalments(raised)

    signed = sign_amendment(raised)

    assert instalments(signed) == shown
    assert in_force(agreement, 2) == [
        (date(2026, 5, 27), Decimal(68_750)),
        (date(2026, 8, 27), Decimal(68_750)),
        (date(2026, 11, 27), Decimal(81_250)),
        (date(2027, 2, 27), Decimal(81_250)),
    ]
    assert [amount for _day, amount in in_force(agreement, 4)] == [70_000] * 4
    assert list(invariants.broken()) == []


def invoiced(agreement, number: int, day: date) -> Instalment:
    rows = Instalment.objects.filter(commitment_year__agreement=agreement)
    one = rows.get(commitment_year__number=number, due_on=day)
    issue(a_draft(agreement, one))
    return one


def test_case_5_what_is_invoiced_ahead_stays_and_its_excess_needs_a_credit_note():
    yearly = sign(draft(OrganizationFactory()))
    ahead = invoiced(yearly, 3, date(2027, 5, 27))
    cut = amend(yearly, years={3: terms(200_000)})
    assert instalments(cut) == [
        ("Year 3, May 27, 2027, by credit note", "", "-$75,000"),
    ]

    sign_amendment(cut)

    assert in_force(yearly, 3) == [
        (ahead.due_on, Decimal(275_000)),
        (ahead.due_on, Decimal(-75_000)),
    ]
    assert Instalment.objects.to_credit().get().amount == -75_000
    assert list(invariants.broken()) == []


def test_case_5_of_a_year_that_is_invoiced_in_part_the_rest_is_split(agreement):
    invoiced(agreement, 3, date(2027, 5, 27))

    sign_amendment(amend(agreement, years={3: terms(218_750)}))

    amounts = [amount for _day, amount in in_force(agreement, 3)]
    assert amounts == [68_750, 50_000, 50_000, 50_000]


def test_a_later_amendment_counts_what_an_earlier_one_took_back(agreement):
    sign_amendment(amend(agreement, years={2: terms(100_000)}))

    sign_amendment(amend(agreement, years={2: terms(200_000)}))

    assert sum(amount for _day, amount in in_force(agreement, 2)) == 200_000
    assert list(invariants.broken()) == []


def test_instalments_of_a_past_day_are_those_that_were_known(agreement):
    sign_amendment(amend(agreement, years={3: terms(300_000)}))
    year = agreement.commitment_years.get(number=3)

    before = year.instalments.known(on=date(2026, 1, 1))
    now = year.instalments.known(on=TODAY)

    assert {one.amount for one in before} == {68_750}
    assert {one.amount for one in now} == {75_000}


def test_the_volume_of_the_demo_has_instalments_that_add_up(db):
    sign(draft(OrganizationFactory(is_founding=True, name="Founder")))
    volume.copy(times=2, today=TODAY)

    assert Instalment.objects.count() == 9
    assert list(invariants.broken()) == []
