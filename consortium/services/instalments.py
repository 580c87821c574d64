"""By which instalments a fee is paid, and what an amendment changes of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import Max
from django.utils.translation import gettext as _

from inm_portal.kernel.money import split, written
from inm_portal.kernel.previews import Change, previewer
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    Agreement,
    Amendment,
    BillingFrequency,
    CommitmentYear,
    Instalment,
    InstalmentCancellation,
)
from ..states import AmendmentState
from .previews import SIGN_AMENDMENT, Preview, YearLine, years_of

#: How many instalments a year has.
PARTS = {
    BillingFrequency.ANNUAL: 1,
    BillingFrequency.SEMI_ANNUAL: 2,
    BillingFrequency.QUARTERLY: 4,
}


class Due(NamedTuple):
    """A part of the fee of a year, on the first day of the time that it is for."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class Plan:
    """What an amendment does to the instalments of a year: some end, others come."""

    year: CommitmentYear
    ended: list[Instalment]
    added: list[Due]


def instalments_of(year: CommitmentYear, fee: Decimal, frequency: str) -> list[Due]:
    """Return the fee of a year in equal parts, at equal distances from its start."""
    days = _days_of(year, frequency)
    amounts = split(fee, len(days))
    return [Due(*one) for one in zip(days, amounts, strict=True) if one[1]]


def _days_of(year: CommitmentYear, frequency: str) -> list[date]:
    """Return the days of a year, each counted from its first: none ever drifts."""
    parts = PARTS[BillingFrequency(frequency)]
    return [
        year.starts_on + relativedelta(months=12 // parts * at) for at in range(parts)
    ]


def instalments_after(
    line: YearLine, kept: Iterable[Instalment], frequency: str, *, since: date
) -> list[Due]:
    """
    Return what comes beside the instalments that a year keeps, once its fee changed.

    The rest of the fee is split over the days to come that none of them has. Where
    there is none, or they come to too much, it is settled at once: below zero, by a
    credit note.
    """
    days_kept = {one.due_on for one in kept}
    rest = line.fee_after - sum((one.amount for one in kept), Decimal())
    to_come = [
        day
        for day in _days_of(line.year, frequency)
        if day >= since and day not in days_kept and rest > 0
    ]
    days = to_come or [max(since, line.year.starts_on)]
    amounts = split(rest, len(days))
    return [Due(*one) for one in zip(days, amounts, strict=True) if one[1]]


def plans_of(preview: Preview) -> Iterator[Plan]:
    """
    Yield what a draft would do to each year whose fee or billing it changes.

    What was due by then, or is invoiced already, stays as it is.
    """
    since = max(preview.amendment.effective_on, preview.today)
    billed_before, billed = preview.billing
    present = instalments_in_force(preview.amendment.agreement)
    for line in preview.years:
        is_same = billed == billed_before and line.fee_before == line.fee_after
        if line.is_past or is_same:
            continue
        rows = present.get(line.year.number, [])
        kept = [row for row in rows if row.is_used or row.due_on < since]
        added = instalments_after(line, kept, billed, since=since)
        yield _plan(line.year, [row for row in rows if row not in kept], added)


def end_instalments(agreement: Agreement, *, last_on: date, today: date) -> None:
    """
    Cancel the instalments of the years that begin after the last day.

    What is invoiced of them already is taken back by an instalment below zero.
    """
    facts: dict[str, Any] = {"recorded_on": today}
    for rows in instalments_in_force(agreement).values():
        year = rows[0].commitment_year
        if year.starts_on <= last_on:
            continue
        InstalmentCancellation.objects.bulk_create(
            InstalmentCancellation(instalment=row, **facts)
            for row in rows
            if not row.is_used
        )
        used = sum((row.amount for row in rows if row.is_used), Decimal())
        if used:
            _add(year, [Due(today, -used)], **facts)


def instalments_in_force(agreement: Agreement) -> dict[int, list[Instalment]]:
    """Return the instalments of an agreement by the number of their year."""
    rows = Instalment.objects.filter(commitment_year__agreement=agreement)
    rows = rows.in_force().with_use().select_related("commitment_year")
    ordered = rows.order_by("commitment_year__number", "due_on", "pk")
    by_year = groupby(ordered, key=lambda row: row.commitment_year.number)
    return {number: [*found] for number, found in by_year}


def _plan(year: CommitmentYear, ended: list[Instalment], added: list[Due]) -> Plan:
    """Return a plan that leaves alone what would end and come again as it is."""
    before = {Due(row.due_on, row.amount) for row in ended}
    return Plan(
        year,
        [row for row in ended if Due(row.due_on, row.amount) not in added],
        [one for one in added if one not in before],
    )


def write_instalments(agreement: Agreement, *, today: date) -> None:
    """Write by which instalments the fees of a newly signed agreement are paid."""
    Instalment.objects.bulk_create(
        Instalment(
            commitment_year=year, number=number, recorded_on=today, **due._asdict()
        )
        for year in agreement.commitment_years.all()
        for number, due in enumerate(
            instalments_of(year, year.fee_part, agreement.billing_frequency), start=1
        )
    )


def write_plans(amendment: Amendment, plans: Iterable[Plan], *, today: date) -> None:
    """Write what a newly signed amendment does to the instalments of each year."""
    years = years_of(amendment.agreement)
    facts: dict[str, Any] = {"amendment": amendment, "recorded_on": today}
    for plan in plans:
        InstalmentCancellation.objects.bulk_create(
            InstalmentCancellation(instalment=row, **facts) for row in plan.ended
        )
        _add(years[plan.year.number], plan.added, **facts)


def _add(year: CommitmentYear, added: Iterable[Due], **facts: Any) -> None:
    last = year.instalments.aggregate(last=Max("number"))["last"] or 0
    Instalment.objects.bulk_create(
        Instalment(commitment_year=year, number=number, **due._asdict(), **facts)
        for number, due in enumerate(added, start=last + 1)
    )


def _written_plans(amendment: Amendment) -> Iterator[Plan]:
    """Yield what a signed amendment did to the instalments of each year."""
    rows = Instalment.objects.select_related("commitment_year").order_by("due_on")
    plans: dict[int, Plan] = {}
    for row in rows.filter(cancellation__amendment=amendment):
        _of_year(plans, row).ended.append(row)
    for row in rows.filter(amendment=amendment):
        _of_year(plans, row).added.append(Due(row.due_on, row.amount))
    yield from (plan for _number, plan in sorted(plans.items()))


def _of_year(plans: dict[int, Plan], row: Instalment) -> Plan:
    year = row.commitment_year
    return plans.setdefault(year.number, Plan(year, [], []))


@previewer(SIGN_AMENDMENT, "instalments")
def instalments_to_come(preview: Preview) -> list[Change]:
    """Return each instalment that an amendment would change, or did, with its day."""
    is_signed = preview.amendment.state == AmendmentState.SIGNED
    plans = _written_plans(preview.amendment) if is_signed else plans_of(preview)
    return [change for plan in plans for change in _changes(plan)]


def _changes(plan: Plan) -> Iterator[Change]:
    before = {row.due_on: row.amount for row in plan.ended}
    after = dict(plan.added)
    for day in sorted(before.keys() | after.keys()):
        facts = {"number": plan.year.number, "day": written_day(day)}
        what = _("Year %(number)s, %(day)s") % facts
        if after.get(day, 0) < 0:
            what = _("Year %(number)s, %(day)s, by credit note") % facts
        was, now = [_written(found.get(day), plan.year) for found in (before, after)]
        yield Change(what, was, now)


def _written(amount: Decimal | None, year: CommitmentYear) -> str:
    return "" if amount is None else written(amount, year.currency)
