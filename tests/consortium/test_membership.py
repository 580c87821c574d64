"""What an organization is on a day, derived from the agreements that it signed."""

from datetime import date, timedelta

import pytest

from consortium.models import Organization
from tests.conftest import TODAY
from tests.factories.consortium import OrganizationFactory, draft, sign

pytestmark = pytest.mark.django_db

PAST, PRESENT, FUTURE = date(2020, 1, 1), date(2025, 5, 27), date(2028, 6, 1)


def status_of(organization: Organization, *, on: date = TODAY) -> tuple:
    found = Organization.objects.with_membership(on=on).get(pk=organization.pk)
    return found.status, found.member_since


@pytest.mark.parametrize(
    ("terms", "status", "since"),
    [
        ([], "prospect", None),
        ([PAST], "ended", PAST),
        ([PRESENT], "active", PRESENT),
        ([FUTURE], "upcoming", FUTURE),
        ([PAST, PRESENT], "active", PAST),
        ([PAST, FUTURE], "upcoming", PAST),
        ([PRESENT, FUTURE], "active", PRESENT),
        ([FUTURE, PRESENT, PAST], "active", PAST),
    ],
)
def test_the_term_of_the_day_says_what_a_member_is(terms, status, since):
    organization = OrganizationFactory()
    for effective_on in terms:
        sign(draft(organization, effective_on=effective_on))

    assert status_of(organization) == (status, since)


def test_first_and_last_day_of_a_term_belong_to_it():
    agreement = sign(draft(OrganizationFactory(), effective_on=PRESENT))
    organization, day = agreement.organization, timedelta(days=1)

    on = [PRESENT - day, PRESENT, agreement.ends_on, agreement.ends_on + day]

    statuses = [status_of(organization, on=each)[0] for each in on]
    assert statuses == ["upcoming", "active", "active", "ended"]


def test_drafts_make_no_member():
    organization = OrganizationFactory()
    draft(organization)

    assert status_of(organization) == ("prospect", None)


def test_what_was_kept_for_one_day_does_not_serve_the_next():
    organization = sign(draft(OrganizationFactory(), effective_on=PRESENT)).organization

    before, after = (
        status_of(organization, on=PRESENT - timedelta(days=number))
        for number in (1, 0)
    )

    assert (before[0], after[0]) == ("upcoming", "active")
