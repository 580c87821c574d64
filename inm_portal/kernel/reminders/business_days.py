"""The days on which reminders go out: no weekend, no holiday, no closure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from inm_portal.kernel.models import Closure

DAY = timedelta(days=1)
WEEKEND = frozenset({5, 6})

#: Hours of a recipient's day in which mails are written, the last one not included.
OPENS, CLOSES = 9, 17


@dataclass(frozen=True)
class BusinessDays:
    """The open days of a stretch of time, given the days that are closed."""

    closed: frozenset[date] = frozenset()
    weekend: frozenset[int] = WEEKEND

    def is_open(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.closed

    def on_or_after(self, day: date) -> date:
        while not self.is_open(day):
            day += DAY
        return day

    def on_or_before(self, day: date) -> date:
        while not self.is_open(day):
            day -= DAY
        return day

    def shifted(self, day: date, count: int) -> date:
        """Return the day so many open days after ``day``, before it if negative."""
        if count == 0:
            return self.on_or_after(day)
        step = DAY if count > 0 else -DAY
        for _number in range(abs(count)):
            day += step
            while not self.is_open(day):
                day += step
        return day

    def effective(self, day: date, *, anchor: date) -> date:
        """
        Return the open day for what falls on ``day``: the next one.

        What warns of ``anchor`` comes no later than that, so rather on the open
        day before.
        """
        found = self.on_or_after(day)
        return self.on_or_before(day) if day < anchor < found else found

    def planned(self, anchor: date, days: int, *, in_business_days: bool) -> date:
        """Return the open day of a rung, counted from ``anchor``."""
        if in_business_days:
            return self.shifted(anchor, days)
        return self.effective(anchor + timedelta(days=days), anchor=anchor)


def business_days(*, first: date, last: date, country: str = "") -> BusinessDays:
    """Return the open days between two: without holidays and our own closures."""
    years = range(first.year - 1, last.year + 2)
    public = {day for year in years for day in public_holidays(year)}
    public |= {day for year in years for day in holidays_of(country, year)}
    ours = Closure.objects.filter(withdrawn_at=None).values_list("on", flat=True)
    return BusinessDays(frozenset(public | set(ours)), WEEKEND | weekend_of(country))


@lru_cache(maxsize=64)
def public_holidays(year: int) -> dict[date, str]:
    """Return the holidays of the United States and of Massachusetts."""
    federal = holidays.country_holidays("US", years=year)
    state = holidays.country_holidays("US", subdiv="MA", years=year)
    return {**federal, **state}


@lru_cache(maxsize=256)
def holidays_of(country: str, year: int) -> dict[date, str]:
    """Return the holidays of another country; none of one that nobody knows."""
    known = country in holidays.list_supported_countries()
    return dict(holidays.country_holidays(country, years=year)) if known else {}


@lru_cache(maxsize=256)
def weekend_of(country: str) -> frozenset[int]:
    known = country in holidays.list_supported_countries()
    return frozenset(holidays.country_holidays(country).weekend) if known else WEEKEND


def is_at_work(zone: str, days: BusinessDays, *, at: datetime) -> bool:
    """Say whether it is a working hour of an open day in a time zone."""
    local = at.astimezone(ZoneInfo(zone))
    return OPENS <= local.hour < CLOSES and days.is_open(local.date())
