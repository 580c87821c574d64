"""
What cash came and where it stands, and what was committed, invoiced and recognized.

Both are read from the ledger by the fiscal year of the value date, as known on a day;
only what was committed is read from the terms of the agreements.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ..models import (
    CommitmentYear,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    PostingKind,
)
from ..models.issued import FiscalYear, fiscal_year_of
from ..models.positions import sum_of
from ..states import ForecastKind
from .aging import CURRENCY
from .forecast import Forecast

#: What moves cash of members; what reverses it is told with it.
OF_CASH = [
    *[PostingKind.CASH_RECORDED, PostingKind.CASH_SHARED],
    *[PostingKind.CASH_ALLOCATED, PostingKind.REFUND],
]


def _moved(on: date, *columns: str) -> Any:
    """Return what each account moved by year, with the kind of what was undone."""
    entries = LedgerEntry.objects.filter(currency=CURRENCY).told(on)
    lines = LedgerLine.objects.filter(entry__in=entries).annotate(
        year=FiscalYear("entry__value_on"),
        kind=Coalesce("entry__reverses__kind", "entry__kind"),
        is_of_member=Q(organization__isnull=False),
    )
    rows = lines.order_by().values("year", "kind", "account", *columns)
    return rows.annotate(moved=sum_of(F("debit") - F("credit")))


@dataclass(frozen=True)
class CashLine:
    """Where cash came from, or where it stands; of a fiscal year, or of all."""

    name: str
    label: str
    years: Sequence[int]
    amounts: Sequence[Decimal]

    @property
    def by_year(self) -> list[tuple[int, Decimal]]:
        return list(zip(self.years, self.amounts, strict=True))

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal())


@dataclass(frozen=True)
class SourcesAndUses:
    """
    The cash of members by fiscal year: what came of it, and where that stands.

    The uses of each year add up to its sources, as the entries of the ledger balance.
    """

    on: date
    years: Sequence[int]
    sources: Sequence[CashLine]
    uses: Sequence[CashLine]

    @property
    def net(self) -> CashLine:
        return _sum_of("net", _("Cash, net"), self.sources, self.years)

    @property
    def used(self) -> CashLine:
        return _sum_of("used", _("In all"), self.uses, self.years)

    @property
    def sides(self) -> list[tuple[str, str, Sequence[CashLine], CashLine]]:
        return [
            ("sources", _("Sources"), self.sources, self.net),
            ("uses", _("Uses"), self.uses, self.used),
        ]

    @property
    def plot(self) -> dict[str, Any]:
        return {
            "labels": [f"FY{year}" for year in self.years],
            "datasets": [
                {"label": line.label, "data": [float(one) for one in line.amounts]}
                for line in self.uses
            ],
        }

    def rows(self) -> Iterator[list[Any]]:
        """Yield a row of each amount: year, side, name, amount, currency."""
        for side, _label, lines, _total in self.sides:
            for line in lines:
                for year, amount in line.by_year:
                    yield [year, side, line.name, line.label, amount, CURRENCY]


def _sum_of(
    name: str, label: str, lines: Sequence[CashLine], years: Sequence[int]
) -> CashLine:
    each = zip(*(one.amounts for one in lines), strict=True)
    return CashLine(name, label, years, [sum(few, Decimal()) for few in each])


def sources_and_uses(*, on: date) -> SourcesAndUses:
    """Return the cash that came by a day, as known then, and where it stood."""
    sums: defaultdict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for row in _moved(on, "is_of_member").filter(kind__in=OF_CASH):
        if name := _place_of(row):
            sign = 1 if row["account"] == LedgerAccount.CASH_CLEARING else -1
            sums[name, row["year"]] += sign * row["moved"]
    years = sorted({year for _name, year in sums})
    sources = {
        "received": _("Membership dues received"),
        "refunded": _("Paid back to members"),
    }
    uses = {
        "applied": _("Applied to invoices of membership fees"),
        "on_account": _("On account of members, applied to nothing yet"),
        "unidentified": _("Nobody's yet"),
    }
    told = [
        [
            CashLine(name, label, years, [sums[name, year] for year in years])
            for name, label in lines.items()
        ]
        for lines in (sources, uses)
    ]
    return SourcesAndUses(on, years, *told)


def _place_of(row: dict[str, Any]) -> str:
    """Return the line of the report to which a movement of cash belongs."""
    match row["account"]:
        case LedgerAccount.CASH_CLEARING:
            is_back = row["kind"] == PostingKind.REFUND
            return "refunded" if is_back else "received"
        case LedgerAccount.UNAPPLIED_CASH:
            return "on_account" if row["is_of_member"] else "unidentified"
        case LedgerAccount.RECEIVABLE:
            return "applied"
        case _:
            return ""


@dataclass(frozen=True)
class Projected:
    """The cash that is to come in a fiscal year, issued and planned apart."""

    year: int
    issued: Decimal
    planned: Decimal


def projection(found: Forecast) -> list[Projected]:
    """Return the forecast by fiscal year, without disputes and renewals."""
    sums: defaultdict[int, list[Decimal]] = defaultdict(lambda: [Decimal()] * 2)
    for month in found.months:
        amounts = [month.amounts[kind] for kind in ForecastKind.of_cash()]
        year = fiscal_year_of(month.first)
        pairs = zip(sums[year], amounts, strict=True)
        sums[year] = [was + more for was, more in pairs]
    return [Projected(year, *amounts) for year, amounts in sorted(sums.items())]


#: The accounts that the words of the report are told of.
OF_WORDS = [
    *[LedgerAccount.RECEIVABLE, LedgerAccount.UNAPPLIED_CASH],
    *[LedgerAccount.DUES_INCOME, LedgerAccount.DEFERRED_DUES],
]
#: The money words of the report, none of which means another.
MONEY_WORDS = {
    "committed": _("Committed"),
    "invoiced": _("Invoiced"),
    "received": _("Received"),
    "recognized": _("As finance recognized"),
    "deferred": _("Deferred"),
}


@dataclass(frozen=True)
class MemberYear:
    """What was committed, invoiced, received and recognized of a member in a year."""

    organization: int
    member: str
    year: int
    committed: Decimal
    invoiced: Decimal
    received: Decimal
    recognized: Decimal
    #: What the account of deferred dues moved: invoiced, and not recognized.
    deferred: Decimal

    @property
    def amounts(self) -> list[Decimal]:
        return [getattr(self, name) for name in MONEY_WORDS]

    @property
    def told(self) -> list[tuple[str, Decimal]]:
        return list(zip(MONEY_WORDS.values(), self.amounts, strict=True))


def recognized_against_committed(*, on: date) -> list[MemberYear]:
    """Return the years of each member by name, as known on a day."""
    sums: defaultdict[tuple[int, int], dict[str, Decimal]] = defaultdict(
        lambda: dict.fromkeys(MONEY_WORDS, Decimal())
    )
    names: dict[int, str] = {}
    rows = _moved(on, "organization", "organization__name")
    for row in rows.filter(organization__isnull=False, account__in=OF_WORDS):
        names[row["organization"]] = row["organization__name"]
        key = row["organization"], row["year"]
        for word, sign in _words_of(row):
            sums[key][word] += sign * row["moved"]
    years = CommitmentYear.objects.known(on=on).filter(currency=CURRENCY)
    member = "agreement__organization"
    told = years.with_terms(on).annotate(year=FiscalYear("starts_on"))
    for key, name, year, fee in told.values_list(
        member, f"{member}__name", "year", "fee_now"
    ):
        names[key] = name
        sums[key, year]["committed"] += fee
    found = [
        MemberYear(member, names[member], year, **amounts)
        for (member, year), amounts in sums.items()
        if any(amounts.values())
    ]
    return sorted(found, key=lambda one: (one.member, one.organization, one.year))


def totals_by_year(
    lines: Sequence[MemberYear],
) -> list[tuple[int, list[tuple[str, Decimal]]]]:
    """Return what all members come to, by fiscal year, each amount with its word."""
    sums: defaultdict[int, dict[str, Decimal]] = defaultdict(
        lambda: dict.fromkeys(MONEY_WORDS.values(), Decimal())
    )
    for line in lines:
        for word, amount in line.told:
            sums[line.year][word] += amount
    return [(year, list(told.items())) for year, told in sorted(sums.items())]


def _words_of(row: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the words to which a movement belongs, with the sign of its debits."""
    account, kind = row["account"], row["kind"]
    if account == LedgerAccount.RECEIVABLE and kind in (
        PostingKind.INVOICE_ISSUED,
        PostingKind.CREDIT_NOTE,
    ):
        yield "invoiced", 1
    if account == LedgerAccount.UNAPPLIED_CASH and kind in (
        PostingKind.CASH_SHARED,
        PostingKind.REFUND,
    ):
        yield "received", -1
    if account == LedgerAccount.DUES_INCOME:
        yield "recognized", -1
    if account == LedgerAccount.DEFERRED_DUES:
        yield "deferred", -1
