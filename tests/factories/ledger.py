"""Postings as tests need them, and what the database refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from consortium.models import LedgerAccount, LedgerEntry, Organization, PostingKind
from consortium.services.ledger import credit, debit, post

from .consortium import TODAY
from .credits import at

MARCH = date(2026, 3, 20)


def issue(member: Organization, amount="275000.00", **more) -> LedgerEntry:
    """Post what the issue of an invoice posts."""
    accounts = (LedgerAccount.RECEIVABLE, LedgerAccount.DEFERRED_DUES)
    return an_entry(PostingKind.INVOICE_ISSUED, accounts, member, amount, **more)


def recognize(member: Organization, amount="275000.00", **more) -> LedgerEntry:
    """Post what stands by itself, without a row that it is the entry of."""
    accounts = (LedgerAccount.DEFERRED_DUES, LedgerAccount.DUES_INCOME)
    return an_entry(PostingKind.INCOME_RECOGNISED, accounts, member, amount, **more)


def an_entry(kind, accounts, member, amount, **more) -> LedgerEntry:
    amount = Decimal(amount)
    return post(
        kind,
        [debit(accounts[0], amount, member), credit(accounts[1], amount, member)],
        **{"value_on": MARCH, "currency": "USD", "by": None, "at": at(TODAY)} | more,
    )


def as_committed() -> None:
    """Check now what is checked when a transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def refused(what: str) -> Iterator[None]:
    """Expect the database to refuse, at the latest when all is there."""
    with (
        pytest.raises(DatabaseError, match=what),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
