"""
What cash is to come, month by month, by what members did before.

What is issued is expected as late as its member pays on average; a day that it
promised wins. What is in dispute, and what a next term would bring, stand apart. Cash
on account pays what comes first, and arrives no second time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.money import CENT

from ..models import (
    Agreement,
    Allocation,
    CommitmentYear,
    Instalment,
    ReceiptShare,
    with_estimate,
)
from ..models.aging import Days, owed, with_care
from ..models.agreements import number_of
from ..models.instalments import instalment_name
from ..states import ForecastKind
from .aging import CURRENCY

MONTHS_AHEAD = 24
#: Where it is told what the cash is to come of.
PAGES = {
    ForecastKind.ISSUED: "consortium:invoice",
    ForecastKind.DISPUTED: "consortium:invoice",
    ForecastKind.PLANNED: "consortium:commitment_year",
    ForecastKind.RENEWAL: "consortium:agreement",
}


@dataclass(frozen=True)
class Lateness:
    """How many days after their due dates a member pays, by the amounts it paid."""

    days: int
    words: str


@dataclass(frozen=True)
class Expected:
    """An amount that is to come: of what, when, and why then."""

    kind: ForecastKind
    organization: int
    member: str
    what: str
    #: Of the invoice, the year of the instalment, or the agreement.
    key: int
    due_on: date
    expected_on: date
    amount: Decimal
    why: str
    covered: Decimal = Decimal()
    #: In percent, of a renewal that somebody estimated.
    probability: int | None = None

    @property
    def is_planned(self) -> bool:
        return self.kind == ForecastKind.PLANNED

    @property
    def month(self) -> date:
        return self.expected_on.replace(day=1)

    @property
    def url(self) -> str:
        return page_of(PAGES[self.kind], self.key)

    @property
    def weighted(self) -> Decimal:
        """The amount times its probability, to the cent; nothing if none is told."""
        if self.probability is None:
            return Decimal()
        return (self.amount * self.probability / 100).quantize(CENT)


@dataclass(frozen=True)
class ForecastMonth:
    """What is expected in a month, by what it is of."""

    first: date
    amounts: dict[ForecastKind, Decimal]
    #: What renews by its probability; what nobody estimated is not in it.
    weighted: Decimal

    @property
    def cash(self) -> Decimal:
        """What is issued and planned; what stands apart is in no total."""
        return sum((self.amounts[kind] for kind in ForecastKind.of_cash()), Decimal())

    @property
    def rows(self) -> list[tuple[ForecastKind, Decimal]]:
        return [(kind, self.amounts[kind]) for kind in ForecastKind]


@dataclass(frozen=True)
class Forecast:
    """The cash to come over two years, with all lines that it is the sum of."""

    on: date
    lines: Sequence[Expected]
    #: Cash that is used for nothing yet; it pays what comes first.
    on_account: Decimal

    @cached_property
    def months(self) -> list[ForecastMonth]:
        sums: defaultdict[tuple[date, ForecastKind], Decimal] = defaultdict(Decimal)
        weighted: defaultdict[date, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[line.month, line.kind] += line.amount
            weighted[line.month] += line.weighted
        first = self.on.replace(day=1)
        days = [first + relativedelta(months=n) for n in range(MONTHS_AHEAD)]
        return [
            ForecastMonth(
                day, {kind: sums[day, kind] for kind in ForecastKind}, weighted[day]
            )
            for day in days
        ]

    @property
    def totals(self) -> list[tuple[ForecastKind, Decimal]]:
        return [
            (kind, sum((month.amounts[kind] for month in self.months), Decimal()))
            for kind in ForecastKind
        ]

    @property
    def cash(self) -> Decimal:
        return sum((month.cash for month in self.months), Decimal())

    @property
    def weighted(self) -> Decimal:
        return sum((month.weighted for month in self.months), Decimal())

    @property
    def not_estimated(self) -> int:
        """How many terms renew by nobody knows which probability."""
        renewals = [line for line in self.lines if line.kind == ForecastKind.RENEWAL]
        return sum(line.probability is None for line in renewals)

    @property
    def plot(self) -> dict[str, Any]:
        return {
            "labels": [f"{month.first:%b %Y}" for month in self.months],
            "datasets": [
                {
                    "label": str(kind.label),
                    "tone": kind.shade,
                    "data": [float(month.amounts[kind]) for month in self.months],
                }
                for kind in ForecastKind
            ],
        }


def forecast(*, on: date) -> Forecast:
    """Return the cash that is to come from a day, for two years."""
    last = on.replace(day=1) + relativedelta(months=MONTHS_AHEAD, days=-1)
    late, invoices, held = lateness(), _open(on), _on_account(on)
    owing = [*_issued(invoices, late, on), *_planned(late, on, last)]
    on_account = sum(held.values(), Decimal())
    lines = [*_less_account(owing, held), *_in_dispute(invoices, on)]
    lines += _renewals(on, last)
    within = (line for line in lines if line.expected_on <= last)
    found = sorted(within, key=attrgetter("expected_on", "member"))
    return Forecast(on, found, on_account)


def lateness() -> defaultdict[int, Lateness]:
    """Return how late each member pays; of one that paid nothing, as all others."""
    late = Days(F("share__receipt__received_on"), F("line__invoice__due_on"))
    rows = Allocation.objects.live().filter(line__invoice__currency=CURRENCY)
    sums = list(
        rows.order_by()
        .values(member=F("line__invoice__organization"))
        .annotate(paid=Sum("amount"), weighted=Sum(F("amount") * late))
    )
    paid = sum((row["paid"] for row in sums), Decimal())
    weighted = sum((row["weighted"] for row in sums), Decimal())
    others = Lateness(0, _("on its due date, as nobody has paid yet"))
    if paid:
        days = round(weighted / paid)
        words = _("as all members pay on average: %(when)s")
        others = Lateness(days, words % {"when": _when(days)})
    found: defaultdict[int, Lateness] = defaultdict(lambda: others)
    for row in sums:
        days = round(row["weighted"] / row["paid"])
        words = _("as it paid on average: %(when)s") % {"when": _when(days)}
        found[row["member"]] = Lateness(days, words)
    return found


def _when(days: int) -> str:
    """Say when somebody pays, so many days after a due date or before."""
    if days == 0:
        return _("on its due date")
    late = ngettext("%(days)s day late", "%(days)s days late", abs(days))
    early = ngettext("%(days)s day early", "%(days)s days early", abs(days))
    return (late if days > 0 else early) % {"days": abs(days)}


def _open(on: date) -> list[Any]:
    """Return what is open, with the day promised, or by which a dispute is settled."""
    rows: Any = with_care(owed(on), on=on).filter(currency=CURRENCY)
    told = ["promised_on", "settle_by", "open_amount", "disputed", "due_on", "number"]
    member = ["organization", "organization__name"]
    return list(rows.order_by("pk").values_list("pk", *told, *member, named=True))


def _issued(
    invoices: Iterable[Any], late: defaultdict[int, Lateness], on: date
) -> Iterator[Expected]:
    """Yield what is open and not disputed, on the day promised or as late as usual."""
    for invoice in invoices:
        own = late[invoice.organization]
        day, why = invoice.due_on + timedelta(own.days), own.words
        if invoice.promised_on and invoice.promised_on >= on:
            day, why = invoice.promised_on, _("promised")
        if amount := invoice.open_amount - invoice.disputed:
            yield Expected(
                ForecastKind.ISSUED,
                *(invoice.organization, invoice.organization__name),
                *(invoice.number, invoice.pk),
                due_on=invoice.due_on,
                expected_on=max(day, on),
                amount=amount,
                why=why,
            )


def _in_dispute(invoices: Iterable[Any], on: date) -> Iterator[Expected]:
    """Yield what is disputed, by the day on which that is to be settled."""
    for invoice in invoices:
        if not invoice.disputed:
            continue
        day = invoice.settle_by or invoice.due_on
        yield Expected(
            ForecastKind.DISPUTED,
            *(invoice.organization, invoice.organization__name),
            *(invoice.number, invoice.pk),
            due_on=invoice.due_on,
            expected_on=max(day, on),
            amount=invoice.disputed,
            why=_("once the dispute is settled"),
        )


def _planned(
    late: defaultdict[int, Lateness], on: date, last: date
) -> Iterator[Expected]:
    rows = Instalment.objects.to_invoice().filter(
        commitment_year__currency=CURRENCY, due_on__lte=last + timedelta(365)
    )
    year = "commitment_year"
    for key, number, paper, member, name, due_on, amount in rows.values_list(
        year,
        f"{year}__number",
        f"{year}__agreement",
        f"{year}__agreement__organization",
        f"{year}__agreement__organization__name",
        *("due_on", "amount"),
    ):
        own = late[member]
        yield Expected(
            ForecastKind.PLANNED,
            *(member, name, instalment_name(number_of(paper), number, due_on), key),
            due_on=due_on,
            expected_on=max(due_on + timedelta(own.days), on),
            amount=amount,
            why=own.words,
        )


def _on_account(on: date) -> dict[int, Decimal]:
    """Return what each member has on account."""
    rows: Any = ReceiptShare.objects.unused(on)
    rows = rows.filter(receipt__currency=CURRENCY).order_by()
    sums = rows.values("organization").annotate(left=Sum("unapplied"))
    return {row["organization"]: row["left"] for row in sums}


def _less_account(
    lines: Iterable[Expected], left: dict[int, Decimal]
) -> Iterator[Expected]:
    """
    Yield what is to arrive still, as cash on account pays what is due first.

    What is issued comes before what is only planned.
    """
    for line in sorted(lines, key=attrgetter("is_planned", "due_on", "what")):
        covered = min(left.get(line.organization, Decimal()), line.amount)
        if covered:
            left[line.organization] -= covered
        if covered < line.amount:
            yield replace(line, amount=line.amount - covered, covered=covered)


def _renewals(on: date, last: date) -> Iterator[Expected]:
    """Yield the fee of a next year of each term that ends, and how likely it is."""
    ending = Agreement.objects.in_force(on=on).without_successor()
    ending = with_estimate(ending.filter(ends_on__lt=last, currency=CURRENCY))
    told = ["pk", "ends_on", "organization", "organization__name", "probability"]
    terms = {one.pk: one for one in ending.values_list(*told, named=True)}
    years: Any = CommitmentYear.objects.filter(agreement__in=terms).with_terms()
    fees = years.order_by("agreement", "-number").distinct("agreement")
    for key, fee in fees.values_list("agreement", "fee_now"):
        term = terms[key]
        day = term.ends_on + timedelta(1)
        yield Expected(
            ForecastKind.RENEWAL,
            *(term.organization, term.organization__name),
            *(number_of(key), key),
            due_on=day,
            expected_on=day,
            amount=fee,
            why=_("if it renews at the fee of its last year"),
            probability=term.probability,
        )
