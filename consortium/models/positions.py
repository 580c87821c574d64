"""
Where a commitment year stood on a day: the one definition, as SQL of its row.

Pages, API and reports read it by ``CommitmentYear.objects.with_position(on=…)``.
It is told as it was known on the day, or ``restated`` by what is known of it now.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
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
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Round, TruncDate
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual
from django.utils import timezone

from inm_portal.kernel.computed import View, add_up, work_out
from inm_portal.kernel.money import MoneyField

from ..states import YearStatus
from .categories import COUNT_IN_CASH, IN_KIND
from .terms import NOTHING, released


@lru_cache(maxsize=4)
def view(on: date, restated: bool = False) -> View:
    """Return the position of every year on a day."""
    years = apps.get_model("consortium", "CommitmentYear").objects
    rows = with_sums(years.with_terms(on, restated=restated), on, restated)
    rows = work_out(rows, "differences", **differences())
    rows = work_out(rows, "cash", **cash_test())
    rows = rows.annotate(is_amended=Q(required_told__isnull=False))
    return View(rows.annotate(status=status(on, restated)))


def end_of(day: date) -> datetime:
    """Return the moment before which lies all that was known on a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def sum_of(column: Any, **more: Any) -> Any:
    """Return the sum of an amount; of nothing, too, it is an amount."""
    return Coalesce(Sum(column, **more), NOTHING, output_field=MoneyField())


def with_sums(years: Any, on: date, restated: bool) -> Any:
    """
    Annotate what the ledger holds for a year on a day.

    A waiver is of the day on which it was granted, however the rest is told.
    """
    entries = _of_year("CreditEntry").told(on, restated=restated)
    claims = _of_year("ContributionCredit").pending(on=on, restated=restated)
    waivers = _of_year("ShortfallWaiver").known(on=on)
    given_on = Coalesce("credit__item__delivered_on", "credit__contributed_on")
    is_late = GreaterThan(given_on, OuterRef("ends_on"))
    is_in_kind = Q(credit__category__in=IN_KIND)
    is_carried_on = Q(carried_from=OuterRef("pk"))
    # Others are cuts of a year that was closed, and what gives them back.
    is_of_its_own = Q(credit__commitment_year=OuterRef("pk"))
    years = add_up(
        *(years, "entries", entries),
        credited=sum_of("amount"),
        in_kind=sum_of("amount", filter=is_in_kind),
        in_kind_of_its_own=sum_of("amount", filter=is_in_kind & is_of_its_own),
        recognized=sum_of("recognized"),
        late=sum_of("amount", filter=is_late),
        carried_on=-sum_of("amount", filter=is_carried_on),
        #: The last day on which a credit that counted in the year was reversed.
        reopened_on=Max(
            TruncDate("recorded_at"),
            filter=Q(kind="reversed", amount__lt=0) & is_of_its_own,
        ),
    )
    years = add_up(
        *(years, "claims", claims),
        pending=sum_of("amount"),
        pending_in_kind=sum_of("amount", filter=Q(category__in=IN_KIND)),
        pending_in_cash=sum_of("amount", filter=Q(category__in=COUNT_IN_CASH)),
    )
    return add_up(years, "waivers", waivers, waived=sum_of("amount"))


def _of_year(model: str) -> Any:
    rows = apps.get_model("consortium", model).objects
    return rows.filter(commitment_year=OuterRef("pk"))


def differences() -> dict[str, Any]:
    """Return what follows from the sums: the two tests, and what is missing."""
    required, credited = F("required_now"), F("credited")
    cap = Round(required * F("agreement__in_kind_cap_percent") / 100, precision=2)
    room = cap - F("in_kind_of_its_own")
    ended = Greatest("ends_on", Coalesce("reopened_on", "ends_on"))
    return {
        "cap": ExpressionWrapper(cap, output_field=MoneyField()),
        "room_in_kind": Greatest(room, NOTHING, output_field=MoneyField()),
        "in_cash": ExpressionWrapper(
            credited - F("in_kind"), output_field=MoneyField()
        ),
        "short": Greatest(required - credited, NOTHING, output_field=MoneyField()),
        "excess": Greatest(credited - required, NOTHING, output_field=MoneyField()),
        "cure_until": ExpressionWrapper(
            ended + F("agreement__cure_days"), output_field=DateField()
        ),
    }


def cash_test() -> dict[str, Any]:
    """Return the part that only cash can meet, and what of it is missing."""
    floor = ExpressionWrapper(F("required_now") - F("cap"), output_field=MoneyField())
    missing = Greatest(floor - F("in_cash"), NOTHING, output_field=MoneyField())
    return {"cash_part": floor, "cash_short": missing}


def status(on: date, restated: bool) -> Case:
    """
    Return the standing of a year on a day.

    What was contributed after its end cures it and does not meet it; what was
    carried on from it had been contributed. A waiver holds for what was short when
    it was granted.
    """
    in_time = F("credited") + F("carried_on") - F("late")
    lacks_nothing = Q(short=0, cash_short=0)
    met_in_time = lacks_nothing & GreaterThanOrEqual(in_time, F("required_now"))
    is_waived = Q(waived__gt=0, short__lte=F("waived"), cash_short__lte=F("waived"))
    return Case(
        When(released(on, restated=restated), then=Value(YearStatus.RELEASED)),
        When(starts_on__gt=on, then=Value(YearStatus.UPCOMING)),
        When(met_in_time, then=Value(YearStatus.MET)),
        When(ends_on__gte=on, then=Value(YearStatus.OPEN)),
        When(lacks_nothing, then=Value(YearStatus.CURED)),
        When(is_waived, then=Value(YearStatus.WAIVED)),
        default=Value(YearStatus.SHORT),
    )
