"""Open days, working hours, and the effective day of a reminder."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from inm_portal.kernel.models import Closure
from inm_portal.kernel.reminders.business_days import (
    BusinessDays,
    business_days,
    is_at_work,
)

#: 2026 in November: the 7th is a Saturday; here the 11th is closed.
DAYS = BusinessDays(frozenset({date(2026, 11, 11)}))


def november(day: int) -> date:
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("day", "following", "preceding"),
    [(6, 6, 6), (7, 9, 6), (8, 9, 6), (9, 9, 9), (11, 12, 10)],
)
def test_the_nearest_open_days(day, following, preceding):
    assert DAYS.on_or_after(november(day)) == november(following)
    assert DAYS.on_or_before(november(day)) == november(preceding)


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [(6, 1, 9), (6, 3, 12), (9, -1, 6), (12, -1, 10), (7, 0, 9), (7, 1, 9), (8, -1, 6)],
)
def test_so_many_open_days_on(day, count, result):
    assert DAYS.shifted(november(day), count) == november(result)


@pytest.mark.parametrize(
    ("anchor", "days", "planned"),
    [
        (10, 3, 13),
        (4, 3, 9),  # a Saturday
        (8, 3, 12),  # closed
        (16, -7, 9),
        (15, -7, 9),  # a Sunday, a week before a Sunday
        (8, -1, 6),  # Saturday: the Monday would be too late for the Sunday
        (9, -1, 9),  # Sunday: the day itself
        (7, 0, 9),
    ],
)
def test_the_day_of_a_rung(anchor, days, planned):
    found = DAYS.planned(november(anchor), days, in_business_days=False)

    assert found == november(planned)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "closed",
    [
        date(2026, 4, 20),  # Patriots' Day, of Massachusetts
        date(2026, 7, 3),  # Independence Day, observed by federal offices
        date(2026, 11, 26),
        date(2027, 1, 1),
    ],
)
def test_holidays_are_those_of_the_country_and_of_massachusetts(closed):
    days = business_days(first=date(2026, 1, 1), last=date(2027, 1, 31))

    assert closed in days.closed
    assert date(2026, 11, 25) not in days.closed


@pytest.mark.django_db
def test_closures_of_our_own_count_until_they_are_withdrawn():
    closure = Closure.objects.create(on=november(25), name="Inventory")
    around = {"first": november(1), "last": november(30)}

    assert not business_days(**around).is_open(november(25))
    closure.delete()
    assert business_days(**around).is_open(november(25))


@pytest.mark.parametrize(
    ("zone", "moment", "is_open"),
    [
        ("America/New_York", "2026-11-10T14:00+00:00", True),  # nine
        ("America/New_York", "2026-10-30T13:00+00:00", True),  # nine, in summer
        ("America/New_York", "2026-11-10T13:59+00:00", False),
        ("Europe/Berlin", "2026-11-10T14:00+00:00", True),
        ("Europe/Berlin", "2026-11-10T16:00+00:00", False),  # five
        ("Asia/Tokyo", "2026-11-09T00:00+00:00", True),  # Monday there
        ("Asia/Tokyo", "2026-11-06T15:00+00:00", False),  # Saturday there
        ("America/New_York", "2026-11-11T15:00+00:00", False),  # closed
    ],
)
def test_working_hours_by_the_clock_on_the_wall(zone, moment, is_open):
    at = datetime.fromisoformat(moment).astimezone(ZoneInfo("UTC"))

    assert is_at_work(zone, DAYS, at=at) is is_open
