"""Say to which lines a receipt may belong, and why a payment may be short."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel import money

from ..models import (
    InvoiceLine,
    Organization,
    OrganizationLink,
    Receipt,
    ReceiptShare,
    WriteOffKind,
)

#: How much of a payment is commonly withheld as tax abroad, in percent.
WITHHELD = (Decimal(10), Decimal(15), Decimal(30))

#: How many suggestions a person looks through.
MOST = 20


@dataclass(frozen=True)
class Suggestion:
    """A line that a receipt may pay, how much of it, and why."""

    line: InvoiceLine
    amount: Decimal
    why: str


@dataclass(frozen=True)
class Shortness:
    """What a payment may be short by."""

    kind: WriteOffKind
    amount: Decimal
    why: str
    needs_certificate: bool = False


def suggest_for_share(share: ReceiptShare) -> list[Suggestion]:
    """Return the lines of its member that a share may pay, the likeliest first."""
    share = ReceiptShare.objects.with_unapplied().get(pk=share.pk)
    own = Q(invoice__organization=share.organization_id)
    return _suggest(share.receipt, share.unapplied, own, is_known=True)


def suggest_for_receipt(receipt: Receipt) -> list[Suggestion]:
    """
    Return the lines of any member that money of an unknown owner may pay.

    A person decides; that the payer's name differs from the member's is normal
    (case 20).
    """
    left = Receipt.objects.with_left().get(pk=receipt.pk).unidentified
    return _suggest(receipt, left, Q(), is_known=False)


def _suggest(
    receipt: Receipt, left: Decimal, own: Q, *, is_known: bool
) -> list[Suggestion]:
    if not left:
        return []
    asked = InvoiceLine.objects.issued().filter(own, invoice__currency=receipt.currency)
    lines: Any = asked.with_open().select_related("invoice__organization")
    open_ones = lines.filter(open_amount__gt=0)
    found = list(open_ones.order_by("invoice__due_on", "pk"))
    ways = [_by_reference(receipt, found), _by_amount(left, found)]
    ways.append(_oldest(found) if is_known else _by_payer(receipt, found))
    chosen: dict[int, Suggestion] = {}
    for line, why in (pair for way in ways for pair in way):
        chosen.setdefault(line.pk, Suggestion(line, min(line.open_amount, left), why))
    return list(islice(chosen.values(), MOST))


Pairs = Iterator[tuple[InvoiceLine, str]]


def _by_reference(receipt: Receipt, lines: Iterable[InvoiceLine]) -> Pairs:
    told = " ".join([receipt.bank_reference, receipt.note, receipt.external_id])
    named = _plain(told)
    for line in lines:
        number = line.invoice.number or ""
        if number and _plain(number) in named:
            yield line, _("The payment names %(number)s.") % {"number": number}


def _plain(text: str) -> str:
    """Return letters and digits alone: banks drop and add what stands between."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _by_amount(left: Decimal, lines: Iterable[InvoiceLine]) -> Pairs:
    for line in lines:
        currency = line.invoice.currency
        if line.open_amount == left:
            amount = money.written(left, currency)
            yield line, _("Exactly %(amount)s is open.") % {"amount": amount}
        elif line.open_amount > left and (
            short := explain_short(line.open_amount, left, currency)
        ):
            yield line, short.why


def _by_payer(receipt: Receipt, lines: Iterable[InvoiceLine]) -> Pairs:
    own, related = _companies_of(receipt.payer_name, receipt.received_on)
    for line in lines:
        member = line.invoice.organization
        facts = {"payer": receipt.payer_name, "member": member}
        if member.pk in own:
            yield line, _("The payer is %(member)s.") % facts
        elif member.pk in related:
            yield line, _("%(payer)s belongs together with %(member)s.") % facts


def _companies_of(payer: str, on: date) -> tuple[set[int], set[int]]:
    """Return the companies that the payer's name fits, and those linked to them."""
    plain = _plain(payer)
    own = {
        one.pk
        for one in Organization.objects.all()
        if _plain(one.legal_name) == plain or _plain(one.name) in plain
    }
    links = OrganizationLink.objects.filter(Q(until_on=None) | Q(until_on__gt=on))
    pairs = links.filter(from_on__lte=on).values_list("organization", "other")
    related = {key for pair in pairs if own & set(pair) for key in pair}
    others = {key for pair in pairs if related & set(pair) for key in pair}
    return own, (related | others) - own


def _oldest(lines: Iterable[InvoiceLine]) -> Pairs:
    for line in lines:
        yield line, _("Due %(day)s.") % {"day": line.invoice.due_on}


def explain_short(
    asked: Decimal, paid: Decimal, currency: str = "USD"
) -> Shortness | None:
    """Return what a payment is commonly short by, if that fits (case 17)."""
    missing = asked - paid
    facts = {"missing": money.written(missing, currency)}
    if not 0 < missing < asked:
        return None
    if missing <= settings.WRITE_OFF_TOLERANCE:
        why = _("%(missing)s short, as after a bank's fee.") % facts
        return Shortness(WriteOffKind.BANK_CHARGE, missing, why)
    for percent in WITHHELD:
        if missing == money.share(asked, percent):
            facts |= {"percent": f"{percent:f}"}
            why = _(
                "%(missing)s short, %(percent)s percent, as after tax that was "
                "withheld abroad; ask for the certificate."
            )
            return Shortness(
                WriteOffKind.TAX_WITHHELD, missing, why % facts, needs_certificate=True
            )
    return None
