"""Say to which lines a receipt may belong."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice, product
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from inm_portal.kernel import money
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    InvoiceLine,
    Organization,
    OrganizationLink,
    Receipt,
    ReceiptShare,
    RemittanceAdvice,
    WaitingMoney,
    WaitsFor,
)
from .announced import plain, that_fit, told_by_bank
from .shortness import explain_short

#: How many suggestions a person looks through.
MOST = 20

Pairs = Iterator[tuple[InvoiceLine, str]]


@dataclass(frozen=True)
class Suggestion:
    """A line that a receipt may pay, how much of it, and why."""

    line: InvoiceLine
    amount: Decimal
    why: str


def suggest_for_share(share: ReceiptShare) -> list[Suggestion]:
    """Return the lines of its member that a share may pay, the likeliest first."""
    share = ReceiptShare.objects.with_unapplied().get(pk=share.pk)
    return Matcher([share.organization_id]).of_share(share)


def suggest_for_receipt(receipt: Receipt) -> list[Suggestion]:
    """
    Return the lines of any member that money of an unknown owner may pay.

    A person decides; that the payer's name differs from the member's is normal
    (case 20).
    """
    receipt = Receipt.objects.with_left().get(pk=receipt.pk)
    return Matcher().of_receipt(receipt, receipt.unidentified)


def spread(suggested: Iterable[Suggestion], left: Decimal) -> dict[int, Decimal]:
    """Return how much each line would get, if the likeliest ones are paid first."""
    amounts: dict[int, Decimal] = {}
    for suggestion in suggested:
        part = min(suggestion.line.open_amount, left)
        if part:
            amounts[suggestion.line.pk] = part
            left -= part
    return amounts


class Matcher:
    """What is open and who is who, read once, and looked through for each receipt."""

    def __init__(self, organizations: Collection[int] | None = None) -> None:
        """Look at the lines of these members alone; of all of them, if None."""
        self.organizations = organizations

    def of_share(self, share: ReceiptShare) -> list[Suggestion]:
        """Return the lines for a share that was read ``with_unapplied()``."""
        lines = self.by_member.get(share.organization_id, [])
        found = _in_currency(share.receipt, lines)
        return self._suggest(
            share.receipt,
            share.unapplied,
            found,
            advices=self.announced_for(share),
            last=_oldest(found),
        )

    def of_receipt(self, receipt: Receipt, left: Decimal) -> list[Suggestion]:
        """Return the lines for what of a receipt is nobody's yet."""
        found = _in_currency(receipt, self.lines)
        return self._suggest(
            receipt,
            left,
            found,
            advices=that_fit(self.advices, receipt, left, share=None),
            last=self._by_payer(receipt, found),
        )

    @cached_property
    def lines(self) -> list[InvoiceLine]:
        """All that is open, the oldest first."""
        of_members = Q()
        if self.organizations is not None:
            of_members = Q(invoice__organization__in=self.organizations)
        lines: Any = InvoiceLine.objects.issued().filter(of_members).with_open()
        rows = lines.filter(open_amount__gt=0).select_related("invoice__organization")
        return list(rows.order_by("invoice__due_on", "pk"))

    @cached_property
    def by_member(self) -> dict[int, list[InvoiceLine]]:
        found: dict[int, list[InvoiceLine]] = {}
        for line in self.lines:
            found.setdefault(line.invoice.organization_id, []).append(line)
        return found

    @cached_property
    def advices(self) -> list[RemittanceAdvice]:
        """What members announced and may be matched, the first one paid first."""
        rows = RemittanceAdvice.objects.all()
        if self.organizations is not None:
            rows = rows.filter(organization__in=self.organizations)
        keys = {line.invoice_id for line in self.lines}
        return list(rows.to_match(keys).order_by("paid_on", "pk"))

    def announced_for(self, share: ReceiptShare) -> list[RemittanceAdvice]:
        """Return which payments that its member announced a share may be."""
        own = [a for a in self.advices if a.organization_id == share.organization_id]
        return that_fit(own, share.receipt, share.amount, share=share.pk)

    @cached_property
    def companies(self) -> list[tuple[int, str, str]]:
        """Every company: its key, its name and its legal name, without all but text."""
        rows = Organization.objects.values_list("pk", "name", "legal_name")
        return [(key, plain(name), plain(legal)) for key, name, legal in rows]

    @cached_property
    def links(self) -> list[tuple[int, int, date, date | None]]:
        rows: Any = OrganizationLink.objects.order_by("pk")
        return list(rows.values_list("organization", "other", "from_on", "until_on"))

    def _suggest(
        self,
        receipt: Receipt,
        left: Decimal,
        lines: Collection[InvoiceLine],
        *,
        advices: list[RemittanceAdvice],
        last: Pairs,
    ) -> list[Suggestion]:
        if not left:
            return []
        of_invoice, of_member = _by_advice(advices, lines)
        ways = [_by_reference(receipt, lines), of_invoice, _by_amount(left, lines)]
        chosen: dict[int, Suggestion] = {}
        for line, why in (pair for way in [*ways, of_member, last] for pair in way):
            amount = min(line.open_amount, left)
            chosen.setdefault(line.pk, Suggestion(line, amount, why))
        return list(islice(chosen.values(), MOST))

    def _by_payer(self, receipt: Receipt, lines: Iterable[InvoiceLine]) -> Pairs:
        own, related = self._companies_of(receipt.payer_name, receipt.received_on)
        for line in lines:
            member = line.invoice.organization
            facts = {"payer": receipt.payer_name, "member": member}
            if member.pk in own:
                yield line, _("The payer is %(member)s.") % facts
            elif member.pk in related:
                yield line, _("%(payer)s belongs together with %(member)s.") % facts

    def _companies_of(self, payer: str, on: date) -> tuple[set[int], set[int]]:
        """Return the companies that the payer's name fits, and those linked to them."""
        named = plain(payer)
        own = {
            key
            for key, name, legal in self.companies
            if (named and legal == named) or (name and name in named)
        }
        pairs = [
            {one, other}
            for one, other, since, until in self.links
            if since <= on and (until is None or until > on)
        ]
        related = {key for pair in pairs if own & pair for key in pair}
        others = {key for pair in pairs if related & pair for key in pair}
        return own, (related | others) - own


def _in_currency(receipt: Receipt, lines: Iterable[InvoiceLine]) -> list[InvoiceLine]:
    return [line for line in lines if line.invoice.currency == receipt.currency]


def _by_reference(receipt: Receipt, lines: Iterable[InvoiceLine]) -> Pairs:
    named = told_by_bank(receipt)
    for line in lines:
        number = line.invoice.number or ""
        if number and plain(number) in named:
            yield line, _("The payment names %(number)s.") % {"number": number}


def _by_advice(
    advices: list[RemittanceAdvice], lines: Iterable[InvoiceLine]
) -> tuple[Pairs, Pairs]:
    """Return the lines of invoices that were named, and those of who named none."""
    of_invoice, of_member = [], []
    for advice, line in product(advices, lines):
        pair = line, _("Announced as %(advice)s.") % {"advice": advice}
        is_own = line.invoice.organization_id == advice.organization_id
        if line.invoice_id in advice.named:
            of_invoice.append(pair)
        elif is_own and not advice.named:
            of_member.append(pair)
    return iter(of_invoice), iter(of_member)


def _by_amount(left: Decimal, lines: Collection[InvoiceLine]) -> Pairs:
    """Yield what is open to the cent, then what a payment is commonly short of."""
    for line in lines:
        if line.open_amount == left:
            amount = money.written(left, line.invoice.currency)
            yield line, _("Exactly %(amount)s is open.") % {"amount": amount}
    for line in lines:
        if short := explain_short(line.open_amount, left, line.invoice.currency):
            yield line, short.why


def _oldest(lines: Iterable[InvoiceLine]) -> Pairs:
    for line in lines:
        yield line, _("Due %(day)s.") % {"day": written_day(line.invoice.due_on)}


@dataclass(frozen=True)
class Fit:
    """What fits money best, in words; or that nothing does."""

    words: str
    is_any: bool = True


def best_of(rows: Iterable[WaitingMoney]) -> dict[int, Fit]:
    """Say of each that waits for a member or an invoice what fits it best."""
    waiting = [row for row in rows if row.kind in (WaitsFor.MEMBER, WaitsFor.INVOICE)]
    is_open = any(row.kind == WaitsFor.MEMBER for row in waiting)
    members = {row.organization_id for row in waiting if row.organization_id}
    matcher = Matcher(None if is_open else members)
    return {row.pk: _best(matcher, row) for row in waiting}


def _best(matcher: Matcher, row: Any) -> Fit:
    if row.share is None:
        found = matcher.of_receipt(row.receipt, row.amount)
        nothing = _("No open invoice fits.")
    else:
        row.share.receipt, row.share.unapplied = row.receipt, row.amount
        found = matcher.of_share(row.share)
        nothing = _("Nothing is open: it stays on account.")
    if not found:
        return Fit(nothing, is_any=False)
    best = found[0]
    facts = {"number": best.line.invoice.number, "why": best.why}
    if row.share is not None:
        return Fit(_("%(number)s. %(why)s") % facts)
    facts["member"] = best.line.invoice.organization.name
    return Fit(_("%(member)s, %(number)s. %(why)s") % facts)
