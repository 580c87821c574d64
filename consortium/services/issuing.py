"""Put a paper in force: its number, its entry in the ledger and its PDF, at once."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, pdf

from ..models import (
    CreditNote,
    CreditNotePdf,
    Invoice,
    InvoicePdf,
    LedgerAccount,
    LedgerLine,
    Organization,
    PostingKind,
    Series,
    take_number,
)
from ..states import CreditNoteState, InvoiceState
from ..verbs import Verb
from . import ledger
from .papers import paper_of_credit_note, paper_of_invoice

#: Letters and digits of a check code; none is taken for another.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12

PAPER = "consortium/pdf/paper.typ"


def put_invoice_in_force(
    invoice: Invoice, *, today: date, at: datetime, by: User | None
) -> None:
    """Issue an invoice that may be: what it asks for is owed from now on."""
    member = invoice.organization
    _number(invoice, Series.INVOICES, today=today, at=at, by=by)
    invoice.entry = ledger.post(
        PostingKind.INVOICE_ISSUED,
        _moved(invoice, LedgerAccount.RECEIVABLE, LedgerAccount.DEFERRED_DUES, member),
        value_on=today,
        currency=invoice.currency,
        by=by,
        at=at,
    )
    invoice.move_to(InvoiceState.ISSUED)
    invoice.version += 1
    invoice.save()
    invoice.refresh_from_db(fields=["number"])
    InvoicePdf.objects.create(invoice=invoice, **_printed(paper_of_invoice(invoice)))


def put_credit_note_in_force(
    note: CreditNote, *, today: date, at: datetime, by: User | None
) -> None:
    """Issue a credit note that may be: what it takes back is owed no more."""
    member = note.invoice.organization
    _number(note, Series.CREDIT_NOTES, today=today, at=at, by=by)
    note.entry = ledger.post(
        PostingKind.CREDIT_NOTE,
        _moved(note, LedgerAccount.DEFERRED_DUES, LedgerAccount.RECEIVABLE, member),
        value_on=today,
        currency=note.currency,
        by=by,
        at=at,
        reason=note.reason,
    )
    note.move_to(CreditNoteState.ISSUED)
    note.save()
    note.refresh_from_db(fields=["number"])
    CreditNotePdf.objects.create(
        credit_note=note, **_printed(paper_of_credit_note(note))
    )


def _number(
    paper: Invoice | CreditNote,
    series: Series,
    *,
    today: date,
    at: datetime,
    by: User | None,
) -> None:
    paper.fiscal_year, paper.serial = take_number(series, on=today)
    paper.check_code = "".join(secrets.choice(ALPHABET) for _each in range(CODE_LENGTH))
    paper.issued_on, paper.issued_at, paper.issued_by = today, at, by


def _moved(
    paper: Invoice | CreditNote,
    debited: LedgerAccount,
    credited: LedgerAccount,
    member: Organization,
) -> list[LedgerLine]:
    """Return the lines that bring the sum of a paper from one account to another."""
    amount = sum((line.amount for line in paper.lines.all()), Decimal())
    return [
        ledger.debit(debited, amount, member),
        ledger.credit(credited, amount, member),
    ]


def _printed(words: Mapping[str, Any]) -> dict[str, Any]:
    content = pdf.render(PAPER, words)
    return {"content": content, "sha256": hashlib.sha256(content).hexdigest()}


@transaction.atomic
def fetch_pdf(paper: Invoice | CreditNote, *, by: User) -> InvoicePdf | CreditNotePdf:
    """Return the PDF of what was issued; who fetched it is on record."""
    journal.record(Verb.PAPER_DOWNLOADED, paper, by=by, number=paper.number)
    return paper.pdf
