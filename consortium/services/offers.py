"""Offer cash that is on account of a member for what was just issued to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.errors import Refusal

from ..models import Allocation, Invoice, InvoiceLine, ReceiptShare
from .allocations import LinePart, allocate
from .organizations import lock_organization

#: How many receipts on account a person is offered at once.
MOST = 10


class OfferGone(Refusal):
    code = "offer_gone"


@dataclass(frozen=True)
class Offer:
    """So much of a receipt on account, for what is open of an invoice."""

    share: ReceiptShare
    amount: Decimal


def offers_for(invoice: Invoice) -> list[Offer]:
    """
    Return how the cash of a member would pay an invoice, the oldest first (W3).

    ``invoice`` is read with what is open of it.
    """
    if not invoice.open_amount:
        return []
    shares = ReceiptShare.objects.filter(organization=invoice.organization_id)
    unused: Any = shares.filter(receipt__currency=invoice.currency).unused()
    oldest = unused.order_by("receipt__received_on", "pk")
    rows = oldest.select_related("receipt")[:MOST]
    return list(_fill(rows, invoice.open_amount))


def _fill(shares: Iterable[ReceiptShare], rest: Decimal) -> Iterator[Offer]:
    for share in shares:
        amount = min(share.unapplied, rest)
        if amount:
            yield Offer(share, amount)
        rest -= amount


@transaction.atomic
def apply_offer(
    invoice: Invoice, *, share: ReceiptShare, amount: Decimal, at: datetime, by: User
) -> list[Allocation]:
    """
    Apply what a person was offered, and confirmed, to the lines of an invoice.

    :raises OfferGone: if so much is no longer open, or on account.
    """
    lock_organization(invoice.organization)
    invoice = Invoice.objects.with_open().get(pk=invoice.pk)
    if Offer(share, amount) not in offers_for(invoice):
        raise OfferGone(_("Something was applied meanwhile; look at what is left."))
    return allocate(share, [*_parts(invoice, amount)], at=at, by=by)


def _parts(invoice: Invoice, rest: Decimal) -> Iterator[LinePart]:
    """Yield the lines that an amount pays, the first ones in whole."""
    lines = InvoiceLine.objects.filter(invoice=invoice).with_open()
    for line in lines.order_by("instalment__due_on", "pk"):
        part = min(line.open_amount, rest)
        if part:
            yield LinePart(line, part)
        rest -= part
