"""Post to the ledger of receivables, and reverse what was posted."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import money
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import share_turn

from ..models import (
    BOOKS,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    Organization,
    PeriodClose,
    PostingKind,
)


class NotAnAmount(Refusal):
    code = "not_an_amount"
    field = "amount"


class AlreadyReversed(Refusal):
    code = "already_reversed"


def require_amount(amount: Decimal) -> None:
    """
    :raises NotAnAmount: unless it is more than nothing, and in whole cents.
    """
    if not amount > 0 or amount != amount.quantize(money.CENT):
        raise NotAnAmount(_("Enter an amount above nothing, with two decimals."))


def debit(
    account: LedgerAccount, amount: Decimal, organization: Organization | None = None
) -> LedgerLine:
    """Return a line that `post` writes."""
    return LedgerLine(account=account, debit=amount, organization=organization)


def credit(
    account: LedgerAccount, amount: Decimal, organization: Organization | None = None
) -> LedgerLine:
    """Return a line that `post` writes."""
    return LedgerLine(account=account, credit=amount, organization=organization)


def post(
    kind: PostingKind,
    lines: Iterable[LedgerLine],
    *,
    value_on: date,
    currency: str,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> LedgerEntry:
    """
    Write an entry of lines that balance; the caller holds the members.

    Where the month of its value date is closed, it is posted on the first day that
    is not (case 35).

    :raises NotAnAmount: unless each line is more than nothing, in whole cents.
    """
    return _write(
        lines,
        kind=kind,
        value_on=value_on,
        currency=currency,
        recorded_by=by,
        recorded_at=at,
        reason=reason,
    )


def reverse(
    entry: LedgerEntry, *, value_on: date, reason: str, by: User | None, at: datetime
) -> LedgerEntry:
    """
    Write the mirror of an entry, on its own day at the earliest.

    :raises AlreadyReversed: if there is one.
    """
    if LedgerEntry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed(_("This was reversed already."))
    mirrored = [
        LedgerLine(
            account=line.account,
            organization_id=line.organization_id,
            debit=line.credit,
            credit=line.debit,
        )
        for line in LedgerLine.objects.filter(entry=entry)
    ]
    return _write(
        mirrored,
        kind=PostingKind.REVERSAL,
        reverses=entry,
        value_on=max(value_on, entry.value_on),
        currency=entry.currency,
        recorded_by=by,
        recorded_at=at,
        reason=reason,
    )


@transaction.atomic
def _write(lines: Iterable[LedgerLine], *, value_on: date, **facts: Any) -> LedgerEntry:
    lines = list(lines)
    for line in lines:
        require_amount(line.debit or line.credit)
    amount = sum((line.debit for line in lines), Decimal())
    share_turn(BOOKS)
    closed_until = PeriodClose.objects.closed_until() or value_on
    entry = LedgerEntry.objects.create(
        amount=amount,
        value_on=value_on,
        posted_on=max(value_on, closed_until),
        **facts,
    )
    for line in lines:
        line.entry = entry
    LedgerLine.objects.bulk_create(lines)
    return entry
