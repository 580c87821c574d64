"""
The account of a member: what each entry of the ledger changes of what it owes.

It owes what is receivable of it, less its cash that is used for nothing; to apply
cash moves nothing on it.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from inm_portal.kernel.computed import Groups, join_groups

from .ledger import LedgerAccount, LedgerEntry, LedgerEntryQuerySet, LedgerLine
from .positions import end_of, sum_of
from .terms import NOTHING

OF_THE_ACCOUNT = [LedgerAccount.RECEIVABLE, LedgerAccount.UNAPPLIED_CASH]


def balance_before(
    day: date, *, organization: int, currency: str, known_on: date
) -> Decimal:
    """Return what a member owed before a day, as known on another."""
    lines: Any = LedgerLine.objects.filter(
        organization=organization,
        account__in=OF_THE_ACCOUNT,
        entry__currency=currency,
        entry__value_on__lt=day,
        entry__recorded_at__lt=end_of(known_on),
    )
    found: Decimal = lines.aggregate(sum=sum_of(F("debit") - F("credit")))["sum"]
    return found


def account_of(
    organization: int, *, currency: str, since: date, until: date, known_on: date
) -> LedgerEntryQuerySet:
    """
    Return the entries that changed what a member owes, each with its ``effect``.

    What was taken back on its own day never was so, and is left out with what took
    it back, once both are known.
    """
    rows = LedgerEntry.objects.told(until, restated=known_on)
    rows = rows.filter(
        value_on__gte=since,
        currency=currency,
        lines__organization=organization,
        lines__account__in=OF_THE_ACCOUNT,
    )
    effect: Any = sum_of(F("lines__debit") - F("lines__credit"))
    found: Any = _without_never_so(rows, known_on)
    told: LedgerEntryQuerySet = found.annotate(effect=effect).exclude(effect=0)
    return told.order_by("value_on", "pk")


def _without_never_so(rows: Any, known_on: date, of: str = "") -> Any:
    """Leave out what was taken back on its own day, and what took it back."""
    day = F(f"{of}value_on")
    known = {f"{of}reversal__recorded_at__lt": end_of(known_on)}
    undone: dict[str, Any] = {f"{of}reversal__value_on": day} | known
    return rows.exclude(**undone).exclude(**{f"{of}reverses__value_on": day})


def stated(on: date, *, currency: str) -> Groups:
    """
    Return what the ledger says of each member on a day, as known then.

    ``in_books`` is receivable, ``held`` its cash that is used for nothing, ``closing``
    what its statement ends with.
    """
    said = _without_never_so(LedgerLine.objects.all(), on, of="entry__")
    told = sum_of(OWED, filter=Q(pk__in=said.values("pk")))
    return Groups(
        _posted(on, on, currency), "organization", **_standing(), closing=told
    )


OWED = F("debit") - F("credit")


def _posted(until: date, known_on: date, currency: str) -> Any:
    """Return the lines of the accounts by the end of a day, as known on another."""
    known = Q(entry__value_on__lte=until, entry__recorded_at__lt=end_of(known_on))
    return LedgerLine.objects.filter(
        known, entry__currency=currency, account__in=OF_THE_ACCOUNT
    )


def _standing() -> dict[str, Any]:
    owed, held = (Q(account=account) for account in OF_THE_ACCOUNT)
    return {
        "in_books": sum_of(OWED, filter=owed),
        "held": sum_of(F("credit") - F("debit"), filter=held),
    }


@lru_cache(maxsize=16)
def _books(until: date, known_on: date, currency: str) -> Groups:
    lines = _posted(until, known_on, currency)
    return Groups(lines, "organization", **_standing())


def with_account(
    rows: Any, *, since: date, until: date, known_on: date, currency: str
) -> Any:
    """
    Annotate members with what their statements of a period end with.

    ``in_books`` is what they owe on invoices, ``held`` their cash on account,
    ``closing`` the balance, and ``has_moved`` whether the period has entries.
    """
    moved = _posted(until, known_on, currency).filter(
        organization=OuterRef("pk"), entry__value_on__gte=since
    )
    books = _books(until, known_on, currency)
    rows = join_groups(rows, "books", books, nothing=NOTHING)
    return rows.annotate(closing=F("in_books") - F("held"), has_moved=Exists(moved))


def owing() -> Q:
    """Return the condition of members, ``with_account``, that owe on invoices."""
    return Q(in_books__gt=0)


def with_something() -> Q:
    """Return the condition of those whose statement has anything to tell."""
    return Q(in_books__gt=0) | Q(held__gt=0) | Q(has_moved=True)


#: The rows that have an entry, by the way to what a statement says of them.
SOURCES = [
    *["invoice", "creditnote__invoice", "share__receipt__entry__reversal"],
    *["write_off__line__invoice", "refund__share__receipt"],
]


def with_sources(keys: set[int]) -> dict[int, LedgerEntry]:
    """Return entries by their keys, with what each was posted for."""
    return LedgerEntry.objects.select_related(*SOURCES).in_bulk(keys)
