"""Say to which lines a receipt may belong."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice, product
from typing import Any

from django.db.models import F, Lookup, Q
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
    Series,
    WaitingMoney,
    WaitsFor,
)
from .announced import plain, that_fit, told_by_bank
from .shortness import asked_by, explain_short

#: How many suggestions a person looks through.
MOST = 20

#: What is told of the invoice of a line, and read with it.
TOLD = [
    *["invoice__number", "invoice__currency", "invoice__due_on"],
    *["invoice__organization_id", "invoice__organization__name"],
]

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
    return Matcher(shares=[share]).of_share(share)


def suggest_for_receipt(receipt: Receipt) -> list[Suggestion]:
    """
    Return the lines of any member that money of an unknown owner may pay.

    A person decides; that the payer's name differs from the member's is normal
    (case 20).
    """
    receipt = Receipt.objects.with_left().get(pk=receipt.pk)
    left = receipt.unidentified
    return Matcher(nobodys=[(receipt, left)]).of_receipt(receipt, left)


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
    """What is open and who is who, read once for some money, and looked through."""

    def __init__(
        self,
        shares: Collection[ReceiptShare] = (),
        nobodys: Collection[tuple[Receipt, Decimal]] = (),
    ) -> None:
        """Look for these shares, and for so much of receipts that is nobody's yet."""
        self.shares, self.nobodys = shares, nobodys
        self.members = {share.organization_id for share in shares}

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
        """What is open and may be paid by any of the money, the oldest first."""
        rows: Any = InvoiceLine.objects.issued().owing()
        may_be = Q(invoice__organization__in=self._payers | self.members)
        if self.nobodys:
            may_be |= self._of_any_member()
        rows = rows.filter(may_be).with_related(*TOLD)
        return list(rows.order_by("invoice__due_on", "pk"))

    def _of_any_member(self) -> Q:
        """Return the condition of lines that money of an unknown owner points to."""
        numbers, named, members, ranges = set(), set(), set(), []
        for receipt, left in self.nobodys:
            numbers |= numbers_in(told_by_bank(receipt))
            ranges += asked_by(left)
            for advice in that_fit(self.advices, receipt, left, share=None):
                named.update(advice.named)
                members |= set() if advice.named else {advice.organization_id}
        return (
            Q(invoice__number__in=numbers)
            | Q(invoice__in=named)
            | Q(invoice__organization__in=members)
            | Q(Between("open_amount", ranges))
        )

    @cached_property
    def by_member(self) -> dict[int, list[InvoiceLine]]:
        found: dict[int, list[InvoiceLine]] = {}
        for line in self.lines:
            found.setdefault(line.invoice.organization_id, []).append(line)
        return found

    @cached_property
    def advices(self) -> list[RemittanceAdvice]:
        """What was announced about the days of the money, the first one paid first."""
        days = [share.receipt.received_on for share in self.shares]
        days += [receipt.received_on for receipt, _left in self.nobodys]
        if not days:
            return []
        rows = RemittanceAdvice.objects.about(min(days), max(days)).with_arrival()
        if not self.nobodys:
            rows = rows.filter(organization__in=self.members)
        return list(rows.order_by("paid_on", "pk"))

    @cached_property
    def open_invoices(self) -> set[int]:
        return {line.invoice_id for line in self.lines}

    def announced_for(self, share: ReceiptShare) -> list[RemittanceAdvice]:
        """Return which payments that its member announced a share may be."""
        own = [
            advice
            for advice in self.advices
            if advice.organization_id == share.organization_id
            and (advice.arrived_by is None or self.open_invoices & set(advice.named))
        ]
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

    @cached_property
    def _payers(self) -> set[int]:
        """The companies that the payers of nobody's money are, or are linked to."""
        found: set[int] = set()
        for receipt, _left in self.nobodys:
            own, related = self._companies_of(receipt.payer_name, receipt.received_on)
            found |= own | related
        return found

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


class Between(Lookup):
    """Whether a column lies in any of some ranges, each with its ends."""

    prepare_rhs = False

    def __init__(self, column: str, ranges: Collection[tuple[Decimal, Decimal]]):
        super().__init__(F(column), ranges)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        any_of = (
            "EXISTS (SELECT FROM unnest(%s::numeric[], %s::numeric[]) r (low, high)"
        )
        low, high = ([each[end] for each in self.rhs] for end in (0, 1))
        where = f"{any_of} WHERE {sql} BETWEEN r.low AND r.high)"
        return where, [low, high, *params]


def numbers_in(told: str) -> set[str]:
    """Return the numbers of invoices that may stand in what a bank tells."""
    series = Series.INVOICES.value
    return {
        f"{series}-{year}-{serial[:digits]}"
        for year, serial in re.findall(rf"(?={series}(\d{{4}})(\d{{4,}}))", told)
        for digits in range(4, len(serial) + 1)
    }


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
    for row in waiting:
        share: Any = row.share
        if share is not None:
            share.receipt, share.unapplied = row.receipt, row.amount
    matcher = Matcher(
        [row.share for row in waiting if row.share],
        [(row.receipt, row.amount) for row in waiting if row.receipt and not row.share],
    )
    return {row.pk: _best(matcher, row) for row in waiting}


def _best(matcher: Matcher, row: Any) -> Fit:
    if row.share is None:
        found = matcher.of_receipt(row.receipt, row.amount)
        nothing = _("No open invoice fits.")
    else:
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
