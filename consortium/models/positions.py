"""
Where a commitment year stood on a day: the one definition, as SQL of its row.

Pages, API and reports read it by ``CommitmentYear.objects.with_position(on=…)``.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import (
    Case,
    DateField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Round, TruncDate
from django.utils import timezone

from inm_portal.kernel.money import MoneyField

from ..states import YearStatus
from .categories import IN_KIND
from .terms import amounts_in_force

#: With its cents, so that an amount of nothing is written like any other.
ZERO = Value(Decimal("0.00"), output_field=MoneyField())


def end_of(day: date) -> datetime:
    """Return the moment before which lies all that was known on a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def total(rows: Any, of: str, column: str = "amount") -> Any:
    """Return the sum of a column of ``rows`` for each row that they hang on."""
    sums = rows.order_by().values(of).annotate(total=Sum(column)).values("total")
    return Coalesce(Subquery(sums), ZERO, output_field=MoneyField())


def sums(on: date) -> dict[str, Any]:
    """Return what the ledger holds for a year, of what was known on a day."""
    entries = _entries(on)
    of_kind = entries.filter(credit__category__in=IN_KIND)
    late = entries.filter(credit__contributed_on__gt=OuterRef("ends_on"))
    credits = apps.get_model("consortium", "ContributionCredit").objects
    claims = credits.filter(commitment_year=OuterRef("pk")).pending(on=on)
    year = "commitment_year"
    return {
        **amounts_in_force(on),
        "credited": total(entries, year),
        "in_kind": total(of_kind, year),
        "recognized": total(entries, year, "recognized"),
        "late": total(late, year),
        "pending": total(claims, year),
        "waived": total(_waivers(on), year),
        "reopened_on": _reopened_on(entries),
    }


def _entries(on: date) -> Any:
    entries = apps.get_model("consortium", "CreditEntry").objects
    return entries.filter(commitment_year=OuterRef("pk")).known(on=on)


def _waivers(on: date) -> Any:
    waivers = apps.get_model("consortium", "ShortfallWaiver").objects
    return waivers.filter(commitment_year=OuterRef("pk")).known(on=on)


def _reopened_on(entries: Any) -> Any:
    """Return the last day on which a credit of the year was reversed."""
    reversed_ = entries.filter(kind="reversed").order_by()
    days = reversed_.values("commitment_year").annotate(last=Max("recorded_at"))
    return Subquery(days.values(day=TruncDate("last")), output_field=DateField())


def differences() -> dict[str, Any]:
    """Return what follows from the sums: the two tests, and what is missing."""
    required, credited = F("required_now"), F("credited")
    cap = Round(required * F("agreement__in_kind_cap_percent") / 100, precision=2)
    ended = Greatest("ends_on", Coalesce("reopened_on", "ends_on"))
    return {
        "cap": ExpressionWrapper(cap, output_field=MoneyField()),
        "in_cash": ExpressionWrapper(
            credited - F("in_kind"), output_field=MoneyField()
        ),
        "short": Greatest(required - credited, ZERO, output_field=MoneyField()),
        "excess": Greatest(credited - required, ZERO, output_field=MoneyField()),
        "cure_until": ExpressionWrapper(
            ended + F("agreement__cure_days"), output_field=DateField()
        ),
    }


def cash_test() -> dict[str, Any]:
    """Return the part that only cash can meet, and what of it is missing."""
    floor = ExpressionWrapper(F("required_now") - F("cap"), output_field=MoneyField())
    missing = Greatest(F("cash_part") - F("in_cash"), ZERO, output_field=MoneyField())
    return {"cash_part": floor, "cash_short": missing}


def status(on: date) -> Case:
    """
    Return the standing of a year on a day.

    What was contributed after its end cures it and does not meet it. A waiver
    holds for what was short when it was granted.
    """
    met_in_time = Q(short=0, credited__gte=F("required_now") + F("late"))
    is_waived = Q(waived__gt=0, short__lte=F("waived"))
    return Case(
        When(starts_on__gt=on, then=Value(YearStatus.UPCOMING)),
        When(met_in_time, then=Value(YearStatus.MET)),
        When(ends_on__gte=on, then=Value(YearStatus.OPEN)),
        When(short=0, then=Value(YearStatus.CURED)),
        When(is_waived, then=Value(YearStatus.WAIVED)),
        default=Value(YearStatus.SHORT),
    )
