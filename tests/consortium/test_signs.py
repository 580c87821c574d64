"""What tells early that a member may not renew: each rule, and no more than it."""

from datetime import timedelta

import pytest

from consortium import services
from consortium.models import ContactRole, Organization, with_signs
from consortium.states import Sign
from tests.conftest import TODAY
from tests.factories import engagement
from tests.factories.accounts import staff
from tests.factories.benefits import benefit, entitlement, use
from tests.factories.consortium import OrganizationFactory, draft, person_at, sign
from tests.factories.credits import at
from tests.factories.receivables import invoiced
from tests.factories.renewals import answer, ended, health

pytestmark = pytest.mark.django_db


@pytest.fixture
def siemens(db):
    """A member with whom all is well."""
    company = OrganizationFactory(name="Siemens")
    sign(draft(company))
    engagement.interaction(person_at(company, ContactRole.SPONSOR))
    return company


def signs(company, *, on=TODAY) -> dict[Sign, str]:
    row = with_signs(Organization.objects.all(), on=on).get(pk=company.pk)
    told = {one.sign: one.why for one in services.signs_of(row, on=on)}
    assert row.signs == len(told)
    return told


def test_nothing_is_told_of_a_member_with_whom_all_is_well(siemens):
    assert signs(siemens) == {}


@pytest.mark.parametrize(("days", "is_told"), [(30, False), (31, True)])
def test_what_is_paid_more_than_30_days_late_is_a_sign(siemens, days, is_told):
    invoiced(siemens, 500, due_on=TODAY - timedelta(days=days))

    told = signs(siemens)

    assert told == ({Sign.UNPAID: "Payment is 31 days late"} if is_told else {})


def test_what_is_disputed_is_no_late_payment_but_a_sign_of_its_own(siemens):
    line = invoiced(siemens, 500, due_on=TODAY - timedelta(days=40))
    services.dispute_invoice(
        line.invoice,
        **{"amount": line.amount, "reason": "Hours"},
        **{"at": at(TODAY), "by": staff("finance")},
    )

    assert signs(siemens) == {Sign.DISPUTED: "$500 is in dispute"}


def test_silence_of_more_than_90_days_is_a_sign(siemens):
    last = siemens.interactions.get().held_on
    assert signs(siemens, on=last + timedelta(days=90)) == {}

    told = signs(siemens, on=last + timedelta(days=91))

    assert list(told) == [Sign.SILENT]
    assert told[Sign.SILENT].startswith("The last conversation was on")


def test_a_member_without_a_sponsor_that_nobody_spoke_with():
    company = OrganizationFactory(name="Flex")
    sign(draft(company))

    assert signs(company) == {
        Sign.SILENT: "No conversation is on record",
        Sign.NO_SPONSOR: "Nobody is its executive sponsor",
    }


def test_a_company_that_is_no_member_is_neither_silent_nor_without_a_sponsor():
    assert signs(OrganizationFactory(name="Prospect")) == {}
    assert signs(ended().organization) == {}


def test_benefits_unused_when_most_of_the_year_has_passed(siemens):
    """60 % of year 2, from May 27, 2026, have passed on December 31."""
    benefit()
    day = TODAY.replace(year=2026, month=12, day=31)
    before = day - timedelta(days=1)
    engagement.interaction(siemens.contacts.get(), held_on=day, today=day)

    assert Sign.UNUSED not in signs(siemens, on=before)
    assert signs(siemens, on=day) == {Sign.UNUSED: "Nothing was used of 1 benefit"}

    use(entitlement(siemens.agreements.get()), used_on=day, today=day)
    assert signs(siemens, on=day) == {}


def test_the_last_note_of_health_is_a_sign_where_it_says_at_risk(siemens):
    health(siemens, "at_risk")
    assert signs(siemens) == {Sign.AT_RISK: "Their lead left"}

    health(siemens, "watch")

    assert signs(siemens) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, [Sign.UNANSWERED]),
        ("undecided", [Sign.UNANSWERED]),
        ("renews", []),
        ("leaves", [Sign.LEAVES]),
    ],
)
def test_no_answer_half_a_year_before_notice_is_a_sign(siemens, said, expected):
    agreement = siemens.agreements.get()
    day = agreement.renewal_notice_on - timedelta(days=180)
    engagement.interaction(siemens.contacts.get(), held_on=day, today=day)
    if said:
        answer(agreement, said)

    assert list(signs(siemens, on=day)) == expected
    before = signs(siemens, on=day - timedelta(days=1))
    assert Sign.UNANSWERED not in before
