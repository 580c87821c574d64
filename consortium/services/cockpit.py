"""
What waits for finance on a day: how many things, and of how much.

Each figure is the count and the sum of the rows of the list to which it leads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q, Sum, Value
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import (
    CreditNoteLine,
    Instalment,
    InvoiceLine,
    LedgerEntry,
    PeriodClose,
    WaitingMoney,
    WaitsFor,
)
from ..models.aging import owed
from ..models.instalments import due_by
from ..models.positions import sum_of
from ..states import Bucket, CreditNoteState, InvoiceState
from .aging import CURRENCY
from .forecast import Forecast, forecast

NOTHING = (0, Decimal())


@dataclass(frozen=True)
class Waits:
    """Things that wait: how many, of how much, and the list that has them."""

    name: str
    label: str
    url: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Part:
    """A part of the work of a day."""

    name: str
    label: str
    rows: Sequence[Waits]

    @property
    def is_done(self) -> bool:
        return not any(row.count for row in self.rows)


@dataclass(frozen=True)
class Aged:
    """What is open of an age, and how much of that is in dispute."""

    bucket: Bucket
    count: int
    amount: Decimal
    disputes: int
    disputed: Decimal

    @property
    def accepted(self) -> Decimal:
        return self.amount - self.disputed


@dataclass(frozen=True)
class Cockpit:
    """The work of a day, what is open by age, and the cash that is to come."""

    on: date
    parts: Sequence[Part]
    aging: Sequence[Aged]
    forecast: Forecast

    @property
    def receivable(self) -> Decimal:
        return sum((row.amount for row in self.aging), Decimal())

    @property
    def disputed(self) -> Decimal:
        return sum((row.disputed for row in self.aging), Decimal())

    @property
    def aging_plot(self) -> dict[str, Any]:
        """Return what is open by age; cash on account is a bar of its own, beside."""
        none = [0.0] * len(self.aging)
        return {
            "labels": [*(str(row.bucket.label) for row in self.aging), _("On account")],
            "datasets": [
                {
                    "label": _("Open"),
                    "tone": "blue",
                    "data": [*(float(row.accepted) for row in self.aging), 0.0],
                },
                {
                    "label": _("In dispute"),
                    "tone": "orange",
                    "data": [*(float(row.disputed) for row in self.aging), 0.0],
                },
                {
                    "label": _("On account, apart"),
                    "tone": "green",
                    "data": [*none, float(self.forecast.on_account)],
                },
            ],
        }


def cockpit(*, on: date) -> Cockpit:
    """Return what waits on a day, which is today: what waits is kept of no other."""
    waiting = _waiting(on)
    aging = _aging(on)
    parts = [
        Part("issue", _("To issue"), list(_to_issue(waiting))),
        Part("match", _("To match"), list(_to_match(waiting))),
        Part("chase", _("To chase"), list(_to_chase(aging, on))),
        Part("close", _("To close"), list(_to_close(on))),
    ]
    return Cockpit(on, parts, aging, forecast(on=on))


def _waiting(on: date) -> dict[str, tuple[int, Decimal]]:
    """Return how much waits of each kind, and of how much, in one statement."""
    drafted = InvoiceLine.objects.filter(invoice__currency=CURRENCY)
    todo: Any = Instalment.objects.to_do().with_issue_by()
    todo = todo.to_issue(by=on, due_by=due_by(on))
    credits = CreditNoteLine.objects.filter(credit_note__invoice__currency=CURRENCY)
    money = WaitingMoney.objects.filter(currency=CURRENCY)
    kinds: dict[str, tuple[Any, Any]] = {
        "to_draft": (todo.filter(commitment_year__currency=CURRENCY), Count("pk")),
        "to_approve": (
            drafted.filter(invoice__state=InvoiceState.DRAFT),
            Count("invoice", distinct=True),
        ),
        "to_issue": (
            drafted.filter(invoice__state=InvoiceState.APPROVED),
            Count("invoice", distinct=True),
        ),
        "credit_notes": (
            credits.filter(credit_note__state=CreditNoteState.DRAFT),
            Count("credit_note", distinct=True),
        ),
        **{kind.value: (money.filter(kind=kind), Count("pk")) for kind in WaitsFor},
    }
    first, *others = [
        rows.order_by()
        .values(what=Value(name))
        .annotate(found=count, sum=sum_of("amount"))
        .values_list("what", "found", "sum")
        for name, (rows, count) in kinds.items()
    ]
    return {
        what: (found, amount) for what, found, amount in first.union(*others, all=True)
    }


def _listed(page: str, query: str = "") -> str:
    return reverse(f"consortium:{page}") + (f"?{query}" if query else "")


def _to_issue(waiting: dict[str, tuple[int, Decimal]]) -> Iterator[Waits]:
    parts = {
        "to_draft": (_("Instalments to draft"), _listed("to_draft")),
        "to_approve": (_("Drafts to approve"), _listed("to_approve")),
        "to_issue": (_("Approved, to be issued"), _listed("to_issue")),
        "credit_notes": (
            _("Credit notes to issue"),
            _listed("credit_notes", f"state={CreditNoteState.DRAFT}"),
        ),
    }
    for name, (label, url) in parts.items():
        yield Waits(name, label, url, *waiting.get(name, NOTHING))


def _to_match(waiting: dict[str, tuple[int, Decimal]]) -> Iterator[Waits]:
    for kind in WaitsFor:
        url = _listed("to_match", f"kind={kind.value}")
        found = waiting.get(kind.value, NOTHING)
        yield Waits(f"match_{kind.value}", str(kind.label), url, *found)


def _aging(on: date) -> list[Aged]:
    rows: Any = owed(on).filter(currency=CURRENCY).order_by()
    sums = rows.values("bucket").annotate(
        found=Count("pk"),
        amount=sum_of("open_amount"),
        disputes=Count("pk", filter=Q(disputed__gt=0)),
        in_dispute=sum_of("disputed"),
    )
    names = ["found", "amount", "disputes", "in_dispute"]
    told = {row["bucket"]: [row[name] for name in names] for row in sums}
    none = [*NOTHING, *NOTHING]
    return [Aged(bucket, *told.get(bucket, none)) for bucket in Bucket]


def _to_chase(aging: Sequence[Aged], on: date) -> Iterator[Waits]:
    """Yield what is overdue, and apart from that what is disputed of all ages."""
    late = [row for row in aging if row.bucket != Bucket.CURRENT]
    count = sum(row.count for row in late)
    amount = sum((row.amount for row in late), Decimal())
    url = _listed("open_invoices", f"on={on}&bucket=overdue")
    yield Waits("overdue", _("Overdue invoices"), url, count, amount)
    count = sum(row.disputes for row in aging)
    amount = sum((row.disputed for row in aging), Decimal())
    url = _listed("open_invoices", f"on={on}&disputed=1")
    yield Waits("disputed", _("Invoices in dispute"), url, count, amount)


def _to_close(on: date) -> Iterator[Waits]:
    """
    Yield months that are over and not closed, with what is posted in them.

    Those without entries are left out, but for the last: its close closes them too.
    """
    until = PeriodClose.objects.closed_until()
    posted: Any = LedgerEntry.objects.filter(
        posted_on__lt=on.replace(day=1), currency=CURRENCY
    )
    if until:
        posted = posted.filter(posted_on__gte=until)
    sums = posted.order_by().values(month=TruncMonth("posted_on"))
    rows = sums.annotate(found=Count("pk"), amount=Sum("amount")).order_by("month")
    told = {row["month"]: (row["found"], row["amount"]) for row in rows}
    last = on.replace(day=1) - relativedelta(months=1)
    is_closed = bool(until and until > last)
    for month in sorted({*told} | ({last} if told and not is_closed else set())):
        label = _("Entries of %(month)s") % {"month": f"{month:%B %Y}"}
        url = _listed("ledger", f"month={month:%Y-%m}")
        yield Waits(f"month_{month:%Y-%m}", label, url, *told.get(month, NOTHING))
