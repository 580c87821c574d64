"""Who is reminded of a renewal, and when; and what ends it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from consortium.models import ContactRole
from inm_portal.kernel.models import Message, Task
from inm_portal.kernel.reminders.sweeping import sweep

from ..factories.accounts import staff
from ..factories.consortium import OrganizationFactory, draft, person_at, sign
from ..factories.renewals import answer

pytestmark = pytest.mark.django_db

#: By when notice is in time: 90 days before the term ends on May 26, 2028.
NOTICE_BY = date(2028, 2, 26)


@pytest.fixture(autouse=True)
def renewals_alone(plan_only):
    plan_only("consortium.renewal")


def run(days_before: int) -> date:
    day = NOTICE_BY - timedelta(days=days_before)
    noon = datetime.combine(day, time(12), ZoneInfo("America/New_York"))
    assert sweep(at=noon)
    return day


def run_about(days_before: int) -> None:
    """Run on a day, and on those after it: one of them is a day of work."""
    for days in range(days_before, days_before - 8, -1):
        run(days)


@pytest.fixture
def agreement(db):
    owner = staff("program staff")
    found = sign(draft(OrganizationFactory(name="Siemens", owner=owner)))
    person_at(found.organization, ContactRole.SPONSOR)
    return found


def mails() -> list[str]:
    told = Message.objects.filter(text__contains="notice is in time")
    told |= Message.objects.filter(text__contains="Notice is in time")
    return list(told.order_by("pk").values_list("text", flat=True))


def tasks() -> list[str]:
    about = Task.objects.filter(what__contains="Siemens", kind__contains="renewal")
    return list(about.order_by("pk").values_list("what", flat=True))


def test_a_year_before_the_owner_plans_it(agreement):
    run(366)
    assert tasks() == []

    run(365)

    assert tasks() == ["Plan the renewal of Siemens"]
    assert Task.objects.get(kind__contains="renewal").person == (
        agreement.organization.owner
    )


@pytest.mark.parametrize("days", [180, 60, 14])
def test_the_sponsor_is_reminded(agreement, days):
    """On its day, or the first after it on which INM writes."""
    run(days + 1)
    assert mails() == []

    run_about(days)

    (text,) = mails()
    assert "Feb 26, 2028" in text


def test_the_owner_meets_the_sponsor_120_days_before(agreement):
    run(120)

    assert tasks() == ["Meet the sponsor of Siemens about its renewal"]


@pytest.mark.parametrize("said", ["renews", "leaves"])
def test_who_answered_is_not_asked_again(agreement, said):
    answer(agreement, said)

    for days in (180, 120, 60, 14):
        run_about(days)

    assert (mails(), tasks()) == ([], [])


def test_who_has_not_decided_is_asked_again(agreement):
    answer(agreement, "undecided")

    run_about(14)

    assert len(mails()) == 1


def test_a_term_with_a_next_one_asks_nobody(agreement):
    sign(draft(agreement.organization, effective_on=date(2028, 5, 27)))

    run_about(14)

    assert mails() == []
