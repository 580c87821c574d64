"""
Statements of account: what a member owed, what changed that, and what it owes.

A statement is derived, and kept nowhere: from its period and the day as known on which
it is told, it can be told again. Who took one as a file, with which digest, is
journaled.
"""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, pdf
from inm_portal.kernel.exports import inert
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Invoice, LedgerEntry, Organization, PostingKind, ReceiptShare
from ..models.aging import owed
from ..models.statements import account_of, balance_before, with_sources
from ..states import Bucket
from ..verbs import Verb
from .papers import ISSUER, figures

PAPER = "consortium/pdf/statement.typ"
FILES = {"pdf": "application/pdf", "csv": "text/csv"}


@dataclass(frozen=True)
class StatementLine:
    """An entry of the account, in words, and what is owed after it."""

    on: date
    kind: str
    what: str
    detail: str
    number: str
    url: str
    #: Whether its paper is a receipt, which members do not read.
    is_of_receipt: bool
    effect: Decimal
    balance: Decimal

    @property
    def charged(self) -> Decimal | None:
        return self.effect if self.effect > 0 else None

    @property
    def credited(self) -> Decimal | None:
        return -self.effect if self.effect < 0 else None


@dataclass(frozen=True)
class Period:
    """The days that a statement is of, and the one as known on which it is told."""

    since: date
    until: date
    known_on: date
    currency: str

    @property
    def asked(self) -> str:
        """The same as an address tells it, on any day."""
        days = f"since={self.since}&until={self.until}&on={self.known_on}"
        return f"{days}&currency={self.currency}"


@dataclass(frozen=True)
class Statement:
    """The account of a member over a period; its lines lead from opening to closing."""

    organization: Organization
    period: Period
    opening: Decimal
    entries: Sequence[LedgerEntry]

    @property
    def currency(self) -> str:
        return self.period.currency

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((one.effect for one in self.entries), Decimal())

    @cached_property
    def balances(self) -> dict[int, Decimal]:
        """What was owed after each entry, by its key."""
        found, balance = {}, self.opening
        for entry in self.entries:
            balance += entry.effect
            found[entry.pk] = balance
        return found

    @cached_property
    def charged(self) -> Decimal:
        """What was added to what is owed."""
        return sum((one.effect for one in self.entries if one.effect > 0), Decimal())

    @cached_property
    def credited(self) -> Decimal:
        """What was taken off."""
        return sum((-one.effect for one in self.entries if one.effect < 0), Decimal())

    def lines(self, some: Iterable[LedgerEntry] | None = None) -> list[StatementLine]:
        """Return some of its entries in words; all of them, unless they are given."""
        shown = list(self.entries if some is None else some)
        sources = with_sources({one.reverses_id or one.pk for one in shown})
        return [self._line(one, sources[one.reverses_id or one.pk]) for one in shown]

    def _line(self, entry: LedgerEntry, source: LedgerEntry) -> StatementLine:
        told = _told(source, is_back=entry.reverses_id is not None)
        of_receipt = source.kind in [PostingKind.CASH_SHARED, PostingKind.REFUND]
        moved = entry.effect, self.balances[entry.pk]
        return StatementLine(entry.value_on, entry.kind, *told, of_receipt, *moved)

    @cached_property
    def open_invoices(self) -> list[Invoice]:
        """The invoices of which something was open at its end, the oldest first."""
        rows = owed(self.period.until, restated=self.period.known_on)
        rows = rows.filter(organization=self.organization, currency=self.currency)
        return list(rows.order_by("due_on", "pk"))

    @cached_property
    def strip(self) -> list[tuple[Bucket, Decimal]]:
        """What was open at its end, by age."""
        found: defaultdict[str, Decimal] = defaultdict(Decimal)
        for invoice in self.open_invoices:
            found[invoice.bucket] += invoice.open_amount
        return [(bucket, found[bucket]) for bucket in Bucket]

    @property
    def aged(self) -> list[dict[str, Any]]:
        """The same, by name."""
        return [{"bucket": one, "amount": amount} for one, amount in self.strip]

    @property
    def all_lines(self) -> list[StatementLine]:
        return self.lines()

    @property
    def receivable(self) -> Decimal:
        return sum((one.open_amount for one in self.open_invoices), Decimal())

    @property
    def disputed(self) -> Decimal:
        return sum((one.disputed for one in self.open_invoices), Decimal())

    @cached_property
    def on_account(self) -> Decimal:
        """What of the member's cash was used for nothing at its end."""
        period = self.period
        rows: Any = ReceiptShare.objects.filter(
            organization=self.organization, receipt__currency=period.currency
        )
        rows = rows.unused(period.until, restated=period.known_on)
        return sum((one.unapplied for one in rows), Decimal())


def statement_of(organization: Organization, period: Period) -> Statement:
    """Return the statement of a member's account over a period."""
    of: Any = {"currency": period.currency, "known_on": period.known_on}
    key, since = organization.pk, period.since
    opening = balance_before(since, organization=key, **of)
    entries = account_of(key, since=since, until=period.until, **of)
    return Statement(organization, period, opening, list(entries))


#: What an entry is called, and what it is called where it is taken back.
WORDS = {
    PostingKind.INVOICE_ISSUED: (_("Invoice"), _("Invoice voided")),
    PostingKind.CREDIT_NOTE: (_("Credit note"), _("Credit note taken back")),
    PostingKind.CASH_SHARED: (_("Payment"), _("Payment taken back")),
    PostingKind.WRITE_OFF: (_("Written off"), _("Write-off taken back")),
    PostingKind.BANK_CHARGE: (_("Bank charge written off"), _("Write-off taken back")),
    PostingKind.TAX_WITHHELD: (_("Tax withheld"), _("Tax withheld, taken back")),
    PostingKind.EXCHANGE_DIFFERENCE: (
        _("Exchange difference"),
        _("Exchange difference taken back"),
    ),
    PostingKind.REFUND: (_("Refund paid"), _("Refund came back")),
}


def _told(source: LedgerEntry, *, is_back: bool) -> tuple[str, str, str, str]:
    """Return what happened, more of it, the number of its paper, and its address."""
    kind = PostingKind(source.kind)
    what = str(WORDS[kind][is_back])
    match kind:
        case PostingKind.INVOICE_ISSUED:
            invoice = source.invoice
            order = invoice.order_number
            parts = [
                _("due %(day)s") % {"day": written_day(invoice.due_on)},
                order and _("purchase order %(number)s") % {"number": order},
            ]
            detail = ", ".join(part for part in parts if part)
            return what, detail, str(invoice), invoice.get_absolute_url()
        case PostingKind.CREDIT_NOTE:
            note = source.creditnote
            detail = _("of invoice %(number)s") % {"number": note.invoice}
            return what, detail, str(note), note.get_absolute_url()
        case PostingKind.CASH_SHARED:
            return _told_of_payment(source, what, is_back=is_back)
        case PostingKind.REFUND:
            share = source.refund.share
            detail = _("of what arrived on %(day)s") % {
                "day": written_day(share.receipt.received_on)
            }
            return what, detail, str(share.receipt), share.receipt.get_absolute_url()
    invoice = source.write_off.line.invoice
    detail = _("of invoice %(number)s") % {"number": invoice}
    return what, detail, str(invoice), invoice.get_absolute_url()


def _told_of_payment(
    source: LedgerEntry, what: str, *, is_back: bool
) -> tuple[str, str, str, str]:
    """Tell of a member's share alone, and not of the rest of a wire (case 21)."""
    share, receipt = source.share, source.share.receipt
    if is_back and hasattr(receipt.entry, "reversal"):
        what = _("Payment came back")
    how = str(receipt.get_method_display())
    if share.amount < receipt.amount:
        detail = _("%(how)s, in part") % {"how": how}
    else:
        detail = ", ".join(filter(None, [how, receipt.bank_reference]))
    return what, detail, str(receipt), receipt.get_absolute_url()


@dataclass(frozen=True)
class TakenStatement:
    """A statement as a file, and the name that it goes by."""

    name: str
    content: bytes


@transaction.atomic
def take_statement(statement: Statement, *, form: str, by: User) -> TakenStatement:
    """Return a statement as a PDF or CSV file; who took which is on record."""
    taken = laid_out(statement, form=form)
    of = statement.organization
    journal.record(Verb.STATEMENT_TAKEN, of, by=by, **as_taken(statement, taken, form))
    return taken


def laid_out(statement: Statement, *, form: str) -> TakenStatement:
    """Return a statement as a file; nothing of it is on record yet."""
    content = _printed(statement) if form == "pdf" else _as_csv(statement)
    key, period = statement.organization.pk, statement.period
    name = f"statement-{key}-{period.since}-{period.until}.{form}"
    return TakenStatement(name, content)


def as_taken(statement: Statement, taken: TakenStatement, form: str) -> dict[str, Any]:
    """Return what the journal says of a statement that somebody took as a file."""
    period = statement.period
    return {
        "format": form,
        "since": str(period.since),
        "until": str(period.until),
        "known_on": str(period.known_on),
        "closing": statement.closing,
        "currency": statement.currency,
        "sha256": hashlib.sha256(taken.content).hexdigest(),
    }


HEADER = [
    *["value_on", "kind", "what", "number", "detail"],
    *["charged", "credited", "balance", "currency"],
]


def _as_csv(statement: Statement) -> bytes:
    """Return a row for the opening, for each line and for the closing."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    period, currency = statement.period, statement.currency
    ends = [("opening", period.since, statement.opening)]
    ends += [("closing", period.until, statement.closing)]
    rows = [[day, name, "", "", "", "", "", of, currency] for name, day, of in ends]
    writer.writerow(rows[0])
    for line in statement.lines():
        words = map(inert, [line.what, line.number, line.detail])
        amounts = [line.charged, line.credited, line.balance]
        writer.writerow([line.on, line.kind, *words, *amounts, currency])
    writer.writerow(rows[1])
    return file.getvalue().encode()


def _printed(statement: Statement) -> bytes:
    return pdf.render(PAPER, paper_of_statement(statement))


def paper_of_statement(statement: Statement) -> dict[str, Any]:
    """Return what the template of a statement says, in words and figures."""
    period, member = statement.period, statement.organization
    days = {"since": written_day(period.since), "until": written_day(period.until)}
    return {
        "title": _("Statement of account"),
        "number": _("Statement of %(member)s, %(since)s to %(until)s")
        % {"member": member.name, **days},
        "issuer": ISSUER,
        "to": [member.legal_name or member.name],
        "facts": [
            [_("Period"), _("%(since)s to %(until)s") % days],
            [_("As known on"), written_day(period.known_on)],
            [_("Currency"), period.currency],
        ],
        "columns": [_("Date"), _("What"), _("Charged"), _("Credited"), _("Balance")],
        "lines": list(_printed_lines(statement)),
        "totals": _printed_totals(statement),
        "strip": [[str(b.label), _plain(amount)] for b, amount in statement.strip],
        "paragraphs": list(_paragraphs(statement)),
        "words": {
            "to": _("Account of"),
            "page": _("Page"),
            "opening": _("Opening balance"),
            "closing": _("Closing balance"),
            "strip": _("What is open, by days past its due date"),
        },
        "opening": [days["since"], _plain(statement.opening)],
        "closing": [days["until"], figures(statement.closing, period.currency)],
    }


def _printed_lines(statement: Statement) -> Iterator[list[str]]:
    for line in statement.lines():
        what = line.what if line.is_of_receipt else f"{line.what} {line.number}"
        told = f"{what}: {line.detail}" if line.detail else what
        amounts = [line.charged, line.credited, line.balance]
        yield [written_day(line.on), told, *map(_plain, amounts)]


def _printed_totals(statement: Statement) -> list[list[str]]:
    currency = statement.currency
    totals = [
        (_("Open on invoices"), statement.receivable),
        (_("of that in dispute"), statement.disputed),
        (_("Cash on account, not applied"), statement.on_account),
        (_("Balance"), statement.closing),
    ]
    return [[name, figures(amount, currency)] for name, amount in totals]


def _paragraphs(statement: Statement) -> Iterator[str]:
    yield _(
        "The balance is what is open on invoices, less cash on account. An invoice "
        "ages from its due date, whatever was paid of it, and is not overdue on it."
    )
    if statement.closing < 0:
        yield _("A balance below zero is in your favor.")
    yield _(
        "This statement names no bank account, and no message that changes one comes "
        "from INM."
    )


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,.2f}"
