"""Invoices as tests need them, written around the services: with rows of their own."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from consortium.models import (
    Agreement,
    Channel,
    CommitmentYear,
    CreditNote,
    CreditNoteLine,
    CreditNotePdf,
    Instalment,
    Invoice,
    InvoiceLine,
    InvoicePdf,
    LedgerAccount,
    LedgerEntry,
    PostingKind,
    Series,
    take_number,
)
from consortium.services import ledger
from consortium.states import CreditNoteState, InvoiceState

from .credits import at

#: The day on which the invoice of the first year goes out.
ISSUED_ON = date(2026, 8, 3)

PDF = b"%PDF-1.7 a paper"


def an_instalment(year: CommitmentYear, amount: Any = 275_000) -> Instalment:
    """Return one more instalment of a year, due on its first day."""
    return Instalment.objects.create(
        commitment_year=year,
        number=year.instalments.count() + 1,
        due_on=year.starts_on,
        amount=Decimal(amount),
        recorded_on=year.starts_on,
    )


def a_draft(agreement: Agreement, *instalments: Instalment, **fields: Any) -> Invoice:
    given = {
        "organization": agreement.organization,
        "currency": agreement.currency,
        "bill_to_entity": agreement.contracting_entity,
        "bill_to_address": "1 Main Street",
        "terms_days": 30,
        "channel": Channel.EMAIL,
        "drafted_at": at(ISSUED_ON),
    }
    invoice = Invoice.objects.create(**given | fields)
    for instalment in instalments:
        a_line(invoice, instalment)
    return invoice


def a_line(invoice: Invoice, instalment: Instalment, **fields: Any) -> InvoiceLine:
    given = {
        "commitment_year": instalment.commitment_year,
        "description": "Membership fee",
        "amount": instalment.amount,
    }
    return InvoiceLine.objects.create(
        invoice=invoice, instalment=instalment, **given | fields
    )


def approve(invoice: Invoice) -> Invoice:
    invoice.move_to(InvoiceState.APPROVED)
    invoice.approved_at = at(ISSUED_ON)
    invoice.save()
    return invoice


def issue(invoice: Invoice, *, on: date = ISSUED_ON, serial: int = 0) -> Invoice:
    """Issue a draft as it is; with a serial number of its own, if one is given."""
    approve(invoice)
    number(invoice, Series.INVOICES, on=on, serial=serial)
    invoice.due_on = on
    invoice.move_to(InvoiceState.ISSUED)
    invoice.save()
    InvoicePdf.objects.create(invoice=invoice, content=PDF, sha256=digest(PDF))
    invoice.refresh_from_db()
    return invoice


def credit(
    invoice: Invoice, amount: Any, *, on: date = ISSUED_ON, **of_line: Any
) -> CreditNote:
    """Take back so much of the first line of an invoice."""
    note = CreditNote.objects.create(
        invoice=invoice,
        currency=invoice.currency,
        reason="Wrong order",
        drafted_at=at(on),
    )
    line = invoice.lines.earliest("pk")
    CreditNoteLine.objects.create(
        credit_note=note, line=line, amount=Decimal(amount), **of_line
    )
    number(note, Series.CREDIT_NOTES, on=on)
    note.move_to(CreditNoteState.ISSUED)
    note.save()
    CreditNotePdf.objects.create(credit_note=note, content=PDF, sha256=digest(PDF))
    note.refresh_from_db()
    return note


def number(paper: Any, series: Series, *, on: date, serial: int = 0) -> None:
    """Give a paper all that is given at its issue, its entry in the ledger included."""
    paper.entry = posted(paper, series, on=on)
    fiscal_year, following = take_number(series, on=on)
    paper.fiscal_year, paper.serial = fiscal_year, serial or following
    paper.check_code = f"{series}{paper.serial}".replace("-", "")
    paper.issued_on, paper.issued_at = on, at(on)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def posted(paper: Any, series: Series, *, on: date) -> LedgerEntry:
    is_invoice = series == Series.INVOICES
    member = paper.organization if is_invoice else paper.invoice.organization
    amount = sum(line.amount for line in paper.lines.all())
    accounts = [LedgerAccount.RECEIVABLE, LedgerAccount.DEFERRED_DUES]
    debited, credited = accounts if is_invoice else accounts[::-1]
    lines = [ledger.debit(debited, amount, member)]
    lines += [ledger.credit(credited, amount, member)]
    return ledger.post(
        PostingKind.INVOICE_ISSUED if is_invoice else PostingKind.CREDIT_NOTE,
        [
            ledger.debit(debited, amount, member),
            ledger.credit(credited, amount, member),
        ],
        value_on=on,
        currency=paper.currency,
        by=None,
        at=at(on),
    )


def settle():
    """Ask now what is asked when a transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
