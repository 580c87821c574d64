"""Apply a member's cash to the lines of its invoices, and take that back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal

from ..models import (
    Allocation,
    InvoiceLine,
    LedgerAccount,
    LedgerEntry,
    PostingKind,
    ReceiptShare,
)
from ..states import InvoiceState
from ..verbs import Verb
from .fees import count_fee, reverse_payment
from .ledger import credit, debit, post, require_amount
from .organizations import lock_organizations
from .rejections import put_right_by_payment
from .two_people import require_reason


class NotEnoughCash(Refusal):
    code = "not_enough_cash"
    field = "amount"


class AboveOpen(Refusal):
    code = "above_open"
    field = "amount"


class NotPayable(Refusal):
    """Not an issued invoice of the member whose cash it is, in its currency."""

    code = "not_payable"


@dataclass(frozen=True)
class LinePart:
    line: InvoiceLine
    amount: Decimal


@transaction.atomic
def allocate(
    share: ReceiptShare,
    parts: Sequence[LinePart],
    *,
    at: datetime,
    by: User,
    reason: str = "",
) -> list[Allocation]:
    """
    Apply a member's share of a receipt to lines of its invoices.

    It counts from the day on which there was both the cash and the invoice, and is
    credited to the commitment year that it pays.

    :raises NotEnoughCash: if less than that is left of the share.
    :raises AboveOpen: if less than that is open of a line.
    :raises NotPayable: if a line is not the member's to pay, or of another currency.
    """
    lock_organizations(share.organization)
    shares = ReceiptShare.objects.with_unapplied()
    share = shares.select_related("receipt", "organization").get(pk=share.pk)
    lines = open_lines(part.line for part in parts)
    made = []
    for part in parts:
        line = lines[part.line.pk]
        made.append(_allocate(share, line, part.amount, reason=reason, at=at, by=by))
        share.unapplied -= part.amount
        line.open_amount -= part.amount
    put_right_by_payment(lines.values(), at=at, by=by)
    return made


def _allocate(
    share: ReceiptShare,
    line: InvoiceLine,
    amount: Decimal,
    *,
    reason: str,
    at: datetime,
    by: User,
) -> Allocation:
    require_amount(amount)
    currency = share.receipt.currency
    require_payable(share, line)
    if amount > share.unapplied:
        left = money.written(share.unapplied, currency)
        raise NotEnoughCash(_("Only %(left)s of it is left.") % {"left": left})
    require_open(line, amount)
    entry = post(
        PostingKind.CASH_ALLOCATED,
        [
            debit(LedgerAccount.UNAPPLIED_CASH, amount, share.organization),
            credit(LedgerAccount.RECEIVABLE, amount, share.organization),
        ],
        value_on=_since(share, line),
        currency=currency,
        by=by,
        at=at,
        reason=reason,
    )
    allocation = Allocation.objects.create(
        share=share, line=line, amount=amount, reason=reason, entry=entry
    )
    facts = {"amount": amount, "invoice": line.invoice, "line": line}
    journal.record(Verb.CASH_ALLOCATED, share.receipt, by=by, **facts)
    count_fee(allocation, at=at, by=by)
    return allocation


def open_lines(lines: Iterable[InvoiceLine]) -> dict[int, InvoiceLine]:
    """Return lines by their keys with what is open of each, read anew."""
    rows = InvoiceLine.objects.with_open().select_related(
        "invoice__organization", "commitment_year__agreement"
    )
    return rows.in_bulk([line.pk for line in lines])


def open_line(line: InvoiceLine) -> InvoiceLine:
    """Return a line with what is open of it, read anew."""
    return open_lines([line])[line.pk]


def require_open(line: InvoiceLine, amount: Decimal) -> None:
    """
    :raises AboveOpen: if less than that is open of a line.
    """
    if amount > line.open_amount:
        left = money.written(line.open_amount, line.invoice.currency)
        raise AboveOpen(_("Only %(left)s of it is open.") % {"left": left})


def require_payable(share: ReceiptShare, line: InvoiceLine) -> None:
    invoice = line.invoice
    if (
        invoice.state != InvoiceState.ISSUED
        or invoice.organization_id != share.organization_id
        or invoice.currency != share.receipt.currency
    ):
        raise NotPayable(
            _("Choose an issued invoice of %(member)s.")
            % {"member": share.organization}
        )


def _since(share: ReceiptShare, line: InvoiceLine) -> date:
    """
    Return the day from which there was both, and neither was used otherwise.

    What bounced held the line up to the day on which it came back.
    """
    held = Q(reverses__allocation__line=line) | Q(reverses__write_off__line=line)
    held |= Q(reverses__allocation__share=share)
    freed = LedgerEntry.objects.filter(held).aggregate(last=Max("value_on"))["last"]
    days = [free_since(share), line.invoice.issued_on, freed]
    return max(day for day in days if day is not None)


def free_since(share: ReceiptShare) -> date:
    """Return the day from which all of a share was here: what was paid back, too."""
    came_back = LedgerEntry.objects.filter(reverses__refund__share=share)
    last = came_back.aggregate(last=Max("value_on"))["last"]
    return max(share.receipt.received_on, last or share.receipt.received_on)


@transaction.atomic
def reverse_allocation(
    allocation: Allocation, *, reason: str, at: datetime, by: User
) -> Allocation:
    """
    Take back an allocation, from the day on which it counted; the cash stays.

    So it does with what its commitment year was credited.

    :raises SaysNoReason: without a reason.
    :raises AlreadyReversed: if it was taken back.
    """
    require_reason(reason)
    lock_organizations(allocation.share.organization)
    entry = allocation.entry
    reverse_payment(entry, value_on=entry.value_on, reason=reason, by=by, at=at)
    facts = {"amount": allocation.amount, "invoice": allocation.line.invoice}
    journal.record(Verb.ALLOCATION_REVERSED, allocation.share.receipt, by=by, **facts)
    return allocation


@transaction.atomic
def reallocate(
    allocation: Allocation,
    parts: Sequence[LinePart],
    *,
    reason: str,
    at: datetime,
    by: User,
) -> list[Allocation]:
    """
    Apply the cash of an allocation to other lines instead, for a reason.

    :raises SaysNoReason: without a reason.
    :raises AlreadyReversed: if it was taken back.
    """
    reverse_allocation(allocation, reason=reason, at=at, by=by)
    return allocate(allocation.share, parts, reason=reason, at=at, by=by)
