"""What the months of the ledger say: where each stands, and what it comes to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Min, Prefetch, Q, QuerySet, Sum, Value
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inm_portal.kernel import money

from ..models import (
    CreditNote,
    Invoice,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    PeriodClose,
    PeriodReopening,
    Receipt,
    RecognisedAmount,
    Refund,
    WriteOff,
)
from ..states import ActState, CreditNoteState, InvoiceState, MonthState

A_MONTH = relativedelta(months=1)


@dataclass(frozen=True)
class Month:
    """A month of the ledger, with its closes, the newest first."""

    first: date
    closed_until: date | None
    today: date
    closes: list[PeriodClose] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def ends_before(self) -> date:
        """Return the first day after it."""
        return self.first + A_MONTH

    @property
    def url(self) -> str:
        return reverse("consortium:month", args=[str(self)])

    @property
    def state(self) -> MonthState:
        if self.closed_until is not None and self.first < self.closed_until:
            return MonthState.CLOSED
        if self.today < self.ends_before:
            return MonthState.RUNNING
        return MonthState.REOPENED if self.closes else MonthState.OPEN

    @property
    def is_to_close(self) -> bool:
        return self.state in (MonthState.OPEN, MonthState.REOPENED)

    @property
    def close(self) -> PeriodClose | None:
        """Return the close that stands, if the month has one of its own."""
        is_closed = self.state == MonthState.CLOSED
        return self.closes[0] if is_closed and self.closes else None

    @property
    def is_last_closed(self) -> bool:
        return self.ends_before == self.closed_until

    @cached_property
    def asked(self) -> PeriodReopening | None:
        """The proposal to open it again on which nobody decided yet."""
        proposals = self.close.reopenings.all() if self.close else []
        waiting = [one for one in proposals if one.state == ActState.PROPOSED]
        return waiting[0] if waiting else None


def month_of(first: date, *, today: date) -> Month:
    """Return one month with its closes."""
    until = PeriodClose.objects.closed_until()
    return Month(first, until, today, list(_closes().filter(month=first)))


def first_month(*, today: date) -> date:
    """Return the month in which the ledger begins; this one while it is empty."""
    posted = LedgerEntry.objects.aggregate(first=Min("posted_on"))["first"]
    closed = PeriodClose.objects.aggregate(first=Min("month"))["first"]
    return min(posted or today, closed or today, today).replace(day=1)


def months_from(first: date, *, today: date, page: int, most: int) -> list[Month]:
    """Return so many months down from the present one, by pages, and one more."""
    newest = today.replace(day=1) - A_MONTH * (page * most)
    days = [newest - A_MONTH * number for number in range(most + 1)]
    days = [day for day in days if day >= first]
    until = PeriodClose.objects.closed_until()
    closes: dict[date, list[PeriodClose]] = {day: [] for day in days}
    for close in _closes().filter(month__in=days):
        closes[close.month].append(close)
    return [Month(day, until, today, closes[day]) for day in days]


def _closes() -> QuerySet[PeriodClose]:
    people = PeriodReopening.objects.select_related("proposed_by", "decided_by")
    reopenings: Any = Prefetch("reopenings", people.order_by("-pk"))
    rows = PeriodClose.objects.select_related("closed_by").order_by("-pk")
    return rows.prefetch_related(reopenings)


@dataclass(frozen=True)
class Balance:
    """What an account came to by the end of a month, and what moved within it."""

    currency: str
    account: LedgerAccount
    debit: Decimal
    credit: Decimal
    moved_debit: Decimal
    moved_credit: Decimal

    @property
    def balance(self) -> Decimal:
        return self.debit - self.credit


def balances_of(month: Month) -> list[Balance]:
    """
    Return the trial balance of a month, by currency and account.

    It is counted from the last close up to it, of which the sums are kept.
    """
    base: Any = PeriodClose.objects.standing().filter(month__lte=month.first)
    base = base.order_by("-month").first()
    kept = base.trial_balance if base else []
    begins = base.ends_before if base else date.min
    nothing = [Decimal()] * 4
    sums: dict[tuple[str, str], list[Decimal]] = {
        (row[0], row[1]): [*map(Decimal, row[2:]), *nothing[2:]] for row in kept
    }
    for key, moved in _moved(month, begins):
        before = sums.get(key, nothing)
        sums[key] = [was + more for was, more in zip(before, moved, strict=True)]
    order = list(LedgerAccount)
    found = [Balance(key[0], LedgerAccount(key[1]), *row) for key, row in sums.items()]
    return sorted(found, key=lambda one: (one.currency, order.index(one.account)))


def _moved(month: Month, begins: date) -> Iterator[tuple[tuple[str, str], list]]:
    """Yield what each account moved since a day, and within the month."""
    posted = LedgerLine.objects.filter(
        entry__posted_on__gte=min(begins, month.first),
        entry__posted_on__lt=month.ends_before,
    )
    since = Q(entry__posted_on__gte=begins)
    within = Q(entry__posted_on__gte=month.first)
    rows = posted.order_by().values_list("entry__currency", "account")
    for currency, account, *sums in rows.annotate(
        debits=_sum("debit", since),
        credits=_sum("credit", since),
        debits_within=_sum("debit", within),
        credits_within=_sum("credit", within),
    ):
        yield (currency, account), sums


def _sum(column: str, condition: Q) -> Sum:
    return Sum(column, filter=condition, default=Decimal())


@dataclass(frozen=True)
class Waiting:
    """Something to see to before a month is closed, in words, and where."""

    words: str
    url: str = ""


#: What is counted, in words before the number, and the list that has it.
COUNTED: dict[str, tuple[str, tuple[str, str]]] = {
    "receipts": (
        _("Receipts that wait for a second person:"),
        ("receipts", "which=proposed"),
    ),
    "write_offs": (
        _("Write-offs that wait for a second person:"),
        ("to_match", "kind=write_off"),
    ),
    "refunds": (
        _("Refunds that wait for a second person:"),
        ("to_match", "kind=refund"),
    ),
    "drafts": (_("Invoices that are drafts:"), ("invoices", "standing=draft")),
    "approved": (
        _("Invoices that are approved and not issued:"),
        ("invoices", "standing=approved"),
    ),
    "credit_notes": (
        _("Credit notes that are drafts:"),
        ("credit_notes", "state=draft"),
    ),
    "to_export": (
        _("Entries of the month that the general ledger was not given:"),
        ("export_batches", ""),
    ),
}


def waiting_in(month: Month, balances: list[Balance]) -> list[Waiting]:
    """Return what is not settled by the end of a month; none of it forbids a close."""
    found = [
        Waiting(
            _("%(amount)s of cash is not applied to any invoice.")
            % {"amount": money.written(-one.balance, one.currency)},
            _listed("receipts", "which=unapplied"),
        )
        for one in balances
        if one.account == LedgerAccount.UNAPPLIED_CASH and one.balance
    ]
    counted = dict(_counted(month))
    found += [
        Waiting(f"{words} {counted[what]}", _listed(*place))
        for what, (words, place) in COUNTED.items()
        if counted.get(what)
    ]
    if not counted.get("recognized"):
        words = _("Finance told of nothing that it recognized in this month.")
        found.append(Waiting(words, reverse("consortium:recognized_amounts")))
    return found


def _counted(month: Month) -> Any:
    """Return how many there are of each kind, in one statement."""
    posted = {"posted_on__gte": month.first, "posted_on__lt": month.ends_before}
    proposed = {"state": ActState.PROPOSED}
    kinds: dict[str, QuerySet[Any]] = {
        "receipts": Receipt.objects.filter(
            **proposed, received_on__lt=month.ends_before
        ),
        "write_offs": WriteOff.objects.filter(**proposed),
        "refunds": Refund.objects.filter(**proposed),
        "drafts": Invoice.objects.filter(state=InvoiceState.DRAFT),
        "approved": Invoice.objects.filter(state=InvoiceState.APPROVED),
        "credit_notes": CreditNote.objects.filter(state=CreditNoteState.DRAFT),
        "to_export": LedgerEntry.objects.filter(exported=None, **posted),
        "recognized": RecognisedAmount.objects.filter(month=month.first),
    }
    parts = [
        rows.order_by().values_list(Value(what)).annotate(found=Count("pk"))
        for what, rows in kinds.items()
    ]
    return parts[0].union(*parts[1:], all=True)


def _listed(name: str, query: str = "") -> str:
    return reverse(f"consortium:{name}") + (query and f"?{query}")
