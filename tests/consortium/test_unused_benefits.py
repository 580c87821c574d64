"""Who is told that a member used nothing of a benefit, and when."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from inm_portal.kernel.models import ReminderDelivery, Task
from inm_portal.kernel.reminders.sweeping import sweep

from ..factories.accounts import staff
from ..factories.benefits import benefit, entitlement, grant, use
from ..factories.consortium import OrganizationFactory, draft, sign

pytestmark = pytest.mark.django_db

#: Year 2 runs from May 27, 2026 to May 26, 2027: 60 % of its 364 days later.
DAY = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def benefits_alone(plan_only):
    plan_only("consortium.benefit_unused")


def run(day: date = DAY) -> None:
    noon = datetime.combine(day, time(12), ZoneInfo("America/New_York"))
    assert sweep(at=noon)


@pytest.fixture
def agreement(db):
    return sign(
        draft(OrganizationFactory(name="Siemens", owner=staff("program staff")))
    )


def test_the_owner_has_a_task_when_most_of_the_year_has_passed(agreement):
    benefit()

    run(DAY - timedelta(days=1))
    assert not Task.objects.exists()

    run()
    task = Task.objects.get()
    assert task.what == "Ask Siemens about its Symposium seats"
    assert task.person == agreement.organization.owner


def test_what_was_used_is_not_asked_after(agreement):
    benefit()
    use(entitlement(agreement))

    run()

    assert not Task.objects.exists()


def test_the_task_closes_once_something_is_used(agreement):
    benefit()
    run()

    use(entitlement(agreement), used_on=DAY, today=DAY)
    run(DAY + timedelta(days=1))

    assert Task.objects.get().done_at is not None


def test_what_a_year_has_none_of_is_not_asked_after(agreement):
    benefit(quantity=0)

    run()

    assert not Task.objects.exists()


def test_what_was_granted_alone_is_asked_after(agreement):
    benefit(quantity=0)
    grant(entitlement(agreement), 2)

    run()

    assert Task.objects.get().why.startswith("Nothing of its 2 seats was used")


def test_each_year_is_asked_after_once(agreement):
    benefit()

    for day in (0, 1, 7):
        run(DAY + timedelta(days=day))

    assert (
        ReminderDelivery.objects.filter(rule="consortium.benefit_unused").count() == 1
    )
