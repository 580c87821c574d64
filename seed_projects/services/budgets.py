"""Work out a budget: what lines cost, benefits, and indirect cost on its base."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    PERCENTAGES,
    BudgetLine,
    Call,
    CostCategory,
    CostRate,
    DateKind,
    IndirectRule,
    Proposal,
    RateKind,
)
from ..verbs import Verb
from .drafts import open_draft

#: What salaries are, on which benefits are paid; stipends of students carry none.
SALARIES = [
    CostCategory.SUMMER_SALARY,
    CostCategory.RESEARCH_STAFF,
    CostCategory.POSTDOC,
]
#: What indirect cost is not charged on (MIT RAS, F&A costs).
OUTSIDE_THE_BASE = [CostCategory.STUDENT_TUITION, CostCategory.EQUIPMENT]
#: The part of each subaward, over all years, that belongs to the base; US dollars.
OF_EACH_SUBAWARD = Decimal(25_000)

DOLLAR = Decimal(1)
NOTHING = Decimal(0)


class CostBarred(Refusal):
    code = "cost_barred"
    field = "category"


class LineIncomplete(Refusal):
    code = "line_incomplete"


class RateIncomplete(Refusal):
    code = "rate_incomplete"


@dataclass
class YearBudget:
    """One year of a project, in whole US dollars, with the rates used (percent)."""

    year: int
    costs: dict[str, Decimal] = field(default_factory=dict)
    base: Decimal = NOTHING
    indirect: Decimal = NOTHING
    rates: dict[str, Decimal] = field(default_factory=dict)

    @property
    def direct(self) -> Decimal:
        return sum(self.costs.values(), NOTHING)

    @property
    def total(self) -> Decimal:
        return self.direct + self.indirect


@dataclass
class Budget:
    """
    A budget as worked out; ``unknown`` says in words which rates nobody recorded.
    """

    years: list[YearBudget]
    unknown: list[str]

    @property
    def total(self) -> Decimal:
        return sum((year.total for year in self.years), NOTHING)

    @property
    def direct(self) -> Decimal:
        return sum((year.direct for year in self.years), NOTHING)


def whole(amount: Decimal) -> Decimal:
    """Return an amount in whole dollars."""
    return amount.quantize(DOLLAR, ROUND_HALF_UP)


class _Rates:
    """The rates of a project's years, read once."""

    def __init__(self, proposal: Proposal) -> None:
        self.first = proposal.starts_on or _start_of(proposal.call)
        self.rows = list(CostRate.objects.order_by("starts_on", "pk"))
        self.unknown: list[str] = []

    def of(self, kind: RateKind, year: YearBudget) -> Decimal:
        known: CostRate | None = None
        for row in self.rows:
            if row.kind == kind and self._holds(row, year):
                known = row
        if known is None:
            words = _("the rate of year %(year)s: %(rate)s")
            told = words % {"year": year.year, "rate": kind.label}
            if told not in self.unknown:
                self.unknown.append(told)
            return NOTHING
        year.rates[kind.value] = known.value
        return known.value

    def _holds(self, row: CostRate, year: YearBudget) -> bool:
        if self.first is None:
            return False
        return bool(row.starts_on <= _later(self.first, year.year - 1))


def _start_of(call: Call) -> date | None:
    day = call.dates.filter(kind=DateKind.START).first()
    return day.at.astimezone(call.time_zone).date() if day else None


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def budget_of(proposal: Proposal) -> Budget:
    """
    Work out the budget of a proposal by the rates of its years.

    Direct cost is the lines and the benefits on salaries. The base of indirect cost is
    the direct cost without tuition, equipment and what of each subaward is above
    25,000 dollars over all years (domain.md 6.4, W8).
    """
    rates = _Rates(proposal)
    call = proposal.call
    lines = list(proposal.budget_lines.order_by("year", "pk"))
    spent: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    years = []
    for number in sorted({line.year for line in lines}):
        year = YearBudget(number)
        for line in (one for one in lines if one.year == number):
            cost = _cost_of(line, rates, year)
            year.costs[line.category] = year.costs.get(line.category, NOTHING) + cost
            year.base += _in_base(line, cost, spent)
        salaries = sum((year.costs.get(one, NOTHING) for one in SALARIES), NOTHING)
        if salaries and CostCategory.BENEFITS in call.cost_categories:
            percent = rates.of(RateKind.BENEFITS, year)
            benefits = whole(salaries * percent / 100)
            year.costs[CostCategory.BENEFITS] = benefits
            year.base += benefits
        year.indirect = whole(year.base * _indirect(call, rates, year) / 100)
        years.append(year)
    return Budget(years, rates.unknown)


def _cost_of(line: BudgetLine, rates: _Rates, year: YearBudget) -> Decimal:
    each = line.unit_amount
    if each is None:
        each = rates.of(RateKind.TUITION, year)
    return whole(line.quantity * each)


def _in_base(line: BudgetLine, cost: Decimal, spent: dict[str, Decimal]) -> Decimal:
    if line.category in OUTSIDE_THE_BASE:
        return NOTHING
    if line.category != CostCategory.SUBAWARD:
        return cost
    payee = line.payee.strip().casefold()
    left = max(NOTHING, OF_EACH_SUBAWARD - spent[payee])
    spent[payee] += cost
    return min(cost, left)


def _indirect(call: Call, rates: _Rates, year: YearBudget) -> Decimal:
    if call.indirect_rule == IndirectRule.FULL:
        return rates.of(RateKind.INDIRECT, year)
    if call.indirect_rule == IndirectRule.FIXED and call.indirect_rate is not None:
        year.rates[RateKind.INDIRECT] = call.indirect_rate
        return call.indirect_rate
    return NOTHING


@transaction.atomic
def set_budget(
    proposal: Proposal,
    *,
    lines: list[dict[str, Any]],
    version: int | None = None,
    at: datetime,
    by: User | None,
) -> Budget:
    """
    Replace the lines of a draft's budget; ``lines`` are columns of `BudgetLine`.

    :raises CostBarred: if the call does not pay for a category.
    :raises LineIncomplete: if a line lacks what it is, its amount or its payee.
    :raises EditConflict: if somebody else changed the proposal since it was read.
    """
    proposal = open_draft(proposal, at=at)
    rows = [BudgetLine(proposal=proposal, **told) for told in lines]
    for row in rows:
        _require_line(row, proposal.call)
    proposal.edit(version, touched=True)
    proposal.budget_lines.all().delete()
    BudgetLine.objects.bulk_create(rows)
    budget = budget_of(proposal)
    facts = {"lines": len(rows), "total": budget.total}
    journal.record(Verb.BUDGET_CHANGED, proposal, by=by, **facts)
    return budget


def _require_line(row: BudgetLine, call: Call) -> None:
    allowed = row.category in call.cost_categories
    if not allowed or row.category == CostCategory.BENEFITS:
        raise CostBarred(_("The call does not pay for this, or it is worked out."))
    is_tuition = row.category == CostCategory.STUDENT_TUITION
    if not row.what.strip() or (row.unit_amount is None and not is_tuition):
        raise LineIncomplete(_("Say what it is and what each costs."))
    if (row.category == CostCategory.SUBAWARD) != bool(row.payee.strip()):
        raise LineIncomplete(_("Say who receives a subaward, and of it alone."))
    if not 1 <= row.year <= -(-call.months // 12):
        raise LineIncomplete(_("The project does not last that long."), field="year")
    if row.quantity <= 0 or (row.unit_amount is not None and row.unit_amount < 0):
        raise LineIncomplete(_("A cost is not negative."), field="unit_amount")


@transaction.atomic
def record_rate(
    *,
    kind: str,
    starts_on: date,
    percent: Decimal | None = None,
    amount: Decimal | None = None,
    at: datetime,
    by: User | None,
) -> CostRate:
    """
    Record a rate of the institute from a day on; what was submitted keeps its own.

    :raises RateIncomplete: unless it is a percentage, or an amount above zero, as
        its kind asks.
    """
    _require_value(kind in PERCENTAGES, percent=percent, amount=amount)
    rate = CostRate.objects.create(
        kind=kind,
        starts_on=starts_on,
        percent=percent,
        amount=amount,
        recorded_by=by,
        recorded_at=at,
    )
    journal.record(Verb.RATE_RECORDED, rate, by=by, kind=kind, starts_on=starts_on)
    return rate


def _require_value(
    is_percent: bool, *, percent: Decimal | None, amount: Decimal | None
) -> None:
    if is_percent and percent is None:
        raise RateIncomplete(_("Say the percentage."), field="percent")
    if is_percent and amount is not None:
        raise RateIncomplete(_("This rate is a percentage alone."), field="amount")
    if not is_percent and percent is not None:
        raise RateIncomplete(_("Tuition is an amount alone."), field="percent")
    if not is_percent and (amount is None or amount <= 0):
        raise RateIncomplete(_("Say the amount, above zero."), field="amount")
