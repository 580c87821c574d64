"""What a member reads of its commitment, and when it is asked to say how it goes on."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from consortium import reports
from consortium.models import Agreement
from tests.factories.accounts import staff
from tests.factories.consortium import OrganizationFactory, draft, sign

pytestmark = pytest.mark.django_db

NOTICE_BY = date(2028, 2, 26)


def terms(organization, *starts: date) -> list[Agreement]:
    for start in starts:
        sign(draft(organization, effective_on=start))
    return list(organization.agreements.with_successor().order_by("effective_on"))


def asked(organization, agreements, on: date) -> list[tuple]:
    member = SimpleNamespace(status="prospect")
    found = reports.attention_of(member, [], agreements, on=on)
    return [(item.due_on, item.is_late) for item in found]


@pytest.mark.parametrize(
    ("on", "index"),
    [
        (date(2025, 1, 1), 0),
        (date(2026, 11, 22), 0),
        (date(2028, 5, 26), 0),
        (date(2028, 5, 27), 1),
        (date(2040, 1, 1), 1),
    ],
)
def test_the_agreement_of_a_day_is_in_force_or_next_or_last(on, index):
    both = terms(OrganizationFactory(), date(2025, 5, 27), date(2028, 5, 27))

    assert reports.agreement_of_today(both, on=on) == both[index]


def test_a_commitment_is_that_of_one_term():
    first, second = terms(OrganizationFactory(), date(2025, 5, 27), date(2028, 5, 27))
    user = staff("auditor")

    commitment = reports.commitment_of(second, user=user, on=date(2026, 11, 22))

    assert first.term_years == len(commitment.lines) == 3
    assert [line.cumulative for line in commitment.lines] == [
        500_000,
        1_000_000,
        1_500_000,
    ]
    assert (commitment.required, commitment.fee_part, commitment.other_part) == (
        1_500_000,
        825_000,
        675_000,
    )
    assert commitment.current is None


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (NOTICE_BY - timedelta(days=181), []),
        (NOTICE_BY - timedelta(days=180), [(NOTICE_BY, False)]),
        (NOTICE_BY, [(NOTICE_BY, False)]),
        (NOTICE_BY + timedelta(days=1), [(NOTICE_BY, True)]),
        (date(2028, 5, 26), [(NOTICE_BY, True)]),
        (date(2028, 5, 27), []),
    ],
)
def test_a_member_is_asked_how_it_goes_on_until_the_term_ends(on, expected):
    organization = OrganizationFactory()

    assert asked(organization, terms(organization, date(2025, 5, 27)), on) == expected


def test_nobody_is_asked_once_the_next_term_is_signed():
    organization = OrganizationFactory()
    both = terms(organization, date(2025, 5, 27), date(2028, 5, 27))

    assert asked(organization, both, NOTICE_BY) == []
    assert list(reports.renewals_ahead(on=NOTICE_BY)) == []
