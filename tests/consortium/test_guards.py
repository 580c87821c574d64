"""What the portal's own role cannot do by SQL: only what services change changes."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from consortium import services
from consortium.models import (
    Evidence,
    InKindItem,
    Interest,
    LinkKind,
    OrganizationLink,
)
from inm_portal.accounts.merging import merge_users, undo_merge
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import (
    OrganizationFactory,
    draft,
    sign,
)
from tests.factories.credits import at, claim, decide, delivered, offer, year_of

pytestmark = pytest.mark.django_db

ASKED = {"today": TODAY, "by": None}


@pytest.fixture
def year(db):
    return year_of(sign(draft(OrganizationFactory())))


def refused(rows, what: str = "Cannot update", **changes):
    with pytest.raises(DatabaseError, match=what), transaction.atomic():
        rows.update(**changes)


def kept(rows):
    with (
        pytest.raises(DatabaseError, match=r"Cannot delete|foreign key"),
        transaction.atomic(),
    ):
        rows._raw_delete(rows.db)


@pytest.mark.parametrize(
    "changes",
    [
        *[{"payer": "Another"}, {"number": "AW-2"}, {"currency": "EUR"}],
        *[{"recorded_by": None}, {"recorded_at": at(TODAY)}],
    ],
)
def test_which_document_it_is_stays(year, changes):
    claim(year, 40_000, by=staff("finance"))
    Evidence.objects.create(
        **{"organization": year.agreement.organization, "payer": "P", "number": "1"},
        **{"amount": 1, "dated_on": TODAY, "recorded_by": staff("finance")},
        recorded_at=at(date(2026, 1, 1)),
    )

    refused(Evidence.objects.filter(number="1"), **changes)


def test_a_document_stays_with_its_member_and_is_kept(year):
    credit = claim(year, 40_000)

    refused(Evidence.objects.all(), organization=OrganizationFactory())
    kept(Evidence.objects.filter(pk=credit.evidence_id))


def test_a_document_is_never_below_what_is_claimed_or_credited_on_it(year):
    pending = claim(year, 40_000)
    given = decide(claim(year, 30_000), by=staff("director"))

    for credit in (pending, given):
        rows = Evidence.objects.filter(pk=credit.evidence_id)
        refused(rows, "exceed its amount", amount=credit.amount - 1)
        rows.update(amount=credit.amount + 1)


@pytest.fixture
def interest(year):
    return services.disclose_interest(
        year.agreement.organization,
        person=staff("director"),
        reason="Consults for them",
        from_on=date(2026, 1, 1),
        at=at(date(2026, 1, 1)),
        by=staff("program staff"),
    )


def test_an_interest_is_what_was_disclosed(interest):
    rows = Interest.objects.filter(pk=interest.pk)

    refused(rows, "of one person", person=staff("director"))
    refused(rows, organization=OrganizationFactory())
    refused(rows, from_on=date(2030, 1, 1))
    refused(rows, reason="None")
    kept(rows)
    services.end_interest(interest, until_on=TODAY, by=staff("director"))


def test_an_interest_goes_along_with_its_person_and_back(interest):
    survivor, person = UserFactory(), interest.person
    merge = merge_users(survivor, merged=person, at=at(TODAY), by=None)
    interest.refresh_from_db()
    assert interest.person == survivor

    undo_merge(merge, at=at(TODAY), by=None)

    interest.refresh_from_db()
    assert interest.person == person


@pytest.fixture
def link(db):
    company, other = OrganizationFactory(), OrganizationFactory()
    return services.link_parent(company, other=other, from_on=TODAY, **ASKED)


def test_a_link_stays_between_the_two_that_it_is_of(link):
    rows, third = OrganizationLink.objects.all(), OrganizationFactory()

    refused(rows, other=third)
    refused(rows, organization=third)
    refused(rows, kind=LinkKind.MERGED)
    refused(rows, from_on=date(2020, 1, 1))
    kept(rows)
    services.link_parent(link.organization, other=third, from_on=TODAY, **ASKED)
    refused(OrganizationLink.objects.filter(pk=link.pk), until_on=None)


def test_a_history_that_was_opened_stays_so(db):
    company, other = OrganizationFactory(), OrganizationFactory()
    merger = services.record_merger(company, other=other, from_on=TODAY, **ASKED)
    services.open_history(merger, **ASKED)

    refused(OrganizationLink.objects.all(), history_open_on=None)


def test_parents_are_one_at_a_time_and_spin_offs_are_not(link):
    first, second = OrganizationFactory(), OrganizationFactory()
    for other in (first, second):
        OrganizationLink.objects.create(
            organization=link.organization,
            **{"kind": LinkKind.SPUN_OFF, "other": other, "from_on": TODAY},
        )

    with pytest.raises(DatabaseError, match="one_at_a_time"), transaction.atomic():
        OrganizationLink.objects.create(
            organization=link.organization,
            **{"kind": LinkKind.PARENT, "other": first, "from_on": TODAY},
        )


def test_a_thing_stays_with_its_credit_and_as_it_was_offered(year):
    thing, other = offer(year, 40_000), claim(year, 1_000)
    rows = InKindItem.objects.filter(credit=thing)

    refused(rows, credit=other)
    refused(rows, name="Something else")
    refused(rows, donor_tax_value=1)
    kept(rows)


def test_what_an_assessment_said_stays_once_it_was_agreed_to(year):
    director = staff("director")
    thing = delivered(
        offer(year, 40_000), basis=40_000, valued_by=staff("finance"), by=director
    )
    rows = InKindItem.objects.filter(credit=thing)

    refused(rows, needs_ehs_approval=True)
    refused(rows, running_cost=1)
    services.book_item(thing, booked_value=1, by=staff("finance"))
    assert rows.get().booked_value == 1
