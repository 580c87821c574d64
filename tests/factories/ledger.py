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
    amount = Decimal(amount)
    return post(
        PostingKind.INVOICE_ISSUED,
        [
            debit(LedgerAccount.RECEIVABLE, amount, member),
            credit(LedgerAccount.DEFERRED_DUES, amount, member),
        ],
        **{"value_on": MARCH, "currency": "USD", "by": None, "at": at(TODAY)} | more,
    )


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
