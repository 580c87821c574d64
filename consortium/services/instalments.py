"""By which instalments a fee is paid, and what an amendment changes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.money import split, written
from inm_portal.kernel.previews import Change, previewer
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Amendment, BillingFrequency, CommitmentYear
from .previews import SIGN_AMENDMENT, YearLine, billing_of, lines_of_term

#: How many instalments a year has.
PARTS = {
    BillingFrequency.ANNUAL: 1,
    BillingFrequency.SEMI_ANNUAL: 2,
    BillingFrequency.QUARTERLY: 4,
}


@dataclass(frozen=True)
class Instalment:
    """A part of the fee of a year, on the first day of the time that it is for."""

    due_on: date
    amount: Decimal


def instalments_of(
    year: CommitmentYear, fee: Decimal, frequency: str
) -> list[Instalment]:
    """Return the fee of a year in equal parts, at equal distances from its start."""
    parts = PARTS[BillingFrequency(frequency)]
    return [
        Instalment(year.starts_on + relativedelta(months=12 // parts * at), amount)
        for at, amount in enumerate(split(fee, parts))
        if amount
    ]


def instalments_after(
    line: YearLine, before: list[Instalment], frequency: str, *, since: date
) -> list[Instalment]:
    """
    Return the instalments that a year has once its fee changed on a day.

    What was due by then stays as it was. The rest of the fee is split over what is
    to come; where nothing is, or too much was due already, it is settled on that day.
    """
    if line.year.starts_on >= since:
        return instalments_of(line.year, line.fee_after, frequency)
    due = [one for one in before if one.due_on < since]
    rest = line.fee_after - sum((one.amount for one in due), Decimal())
    parts = PARTS[BillingFrequency(frequency)]
    dates = [
        line.year.starts_on + relativedelta(months=12 // parts * at)
        for at in range(parts)
    ]
    to_come = [day for day in dates if day >= since] if rest > 0 else []
    days = to_come or [since]
    amounts = split(rest, len(days))
    return due + [
        Instalment(day, amount)
        for day, amount in zip(days, amounts, strict=True)
        if amount
    ]


@previewer(SIGN_AMENDMENT, "instalments")
def instalments_to_come(amendment: Amendment) -> list[Change]:
    """
    Return each instalment that an amendment would change, with its day.

    They follow from the fee and the billing of each year: nothing is kept of them.
    """
    today = amendment.signed_on or timezone.localdate()
    since = max(amendment.effective_on, today)
    billed = billing_of(amendment)
    return [
        change
        for line in lines_of_term(amendment, today=today)
        if not line.is_past
        for change in _changes(line, billed, since)
    ]


def _changes(line: YearLine, billed: tuple[str, str], since: date) -> Iterator[Change]:
    """Yield what becomes of a year that is billed so often before, and after."""
    before = instalments_of(line.year, line.fee_before, billed[0])
    after = instalments_after(line, before, billed[1], since=since)
    amounts = [{one.due_on: one.amount for one in found} for found in (before, after)]
    for day in sorted(amounts[0].keys() | amounts[1].keys()):
        was, now = [_written(found.get(day), line.year) for found in amounts]
        if was != now:
            facts = {"number": line.year.number, "day": written_day(day)}
            yield Change(_("Year %(number)s, %(day)s") % facts, was, now)


def _written(amount: Decimal | None, year: CommitmentYear) -> str:
    return "" if amount is None else written(amount, year.currency)
