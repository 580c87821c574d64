"""Statements in BAI2, read and added up by `bai2`; only this module knows it."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bai2 import bai2
from bai2.constants import GroupStatus, TypeCodeLevel, TypeCodeTransaction
from bai2.exceptions import (
    IntegrityException,
    NotSupportedYetException,
    ParsingException,
)
from django.utils.translation import gettext as _

from ..models import BankAccount
from .bank_csv import decoded
from .bank_lines import (
    LONGEST_NOTE,
    LONGEST_REFERENCE,
    MOST_LINES,
    Line,
    Statement,
    Unreadable,
    WrongRow,
    in_cents,
    payer_of,
    plain,
    require_currency,
    require_day,
    without_numbers,
)

SIGNS = {TypeCodeTransaction.credit: 1, TypeCodeTransaction.debit: -1}

#: How banks begin the name of whoever sent the money, within their text.
SENDER = re.compile(
    r"(?:ORIG CO NAME|ORIGINATOR|ORIG|ORDERING CUSTOMER|B/O|SENDER|REMITTER|PAYER)"
    r"\s*[:=]?\s*(.+?)(?=\s+[A-Z][A-Z ]{1,20}[:=]|;|$)",
    re.I,
)

#: Where records have their amount, or their control total.
FIGURE_AT = {"16": 2, "49": 1, "98": 1, "99": 1}

#: A file has records of several kinds beside its lines, and texts that go on.
MOST_RECORDS = 8 * MOST_LINES


def read_bai2(content: bytes, account: BankAccount) -> Statement:
    """
    :raises Unreadable: if it is no BAI2, or its control totals do not fit.
    """
    found = Statement()
    for number, (group, currency, transaction) in enumerate(
        _transactions(_parsed(decoded(content))), start=1
    ):
        if number > MOST_LINES:
            words = _("A file has %(most)s lines at most. Split it by days.")
            raise Unreadable(words % {"most": f"{MOST_LINES:,}"})
        try:
            line = _line(transaction, group, number, currency, account)
        except WrongRow as error:
            said = [transaction.text or "", str(transaction.amount)]
            found.refuse(number, said, str(error))
        else:
            found.lines += [line] if line else []
    return found


def _transactions(file: Any) -> Iterator[tuple[Any, str, Any]]:
    """Yield each transaction with its group and currency."""
    for group in file.children:
        if group.header.group_status in (GroupStatus.deletion, GroupStatus.test_only):
            raise Unreadable(_("This file is a test, or takes back an earlier one."))
        for one in group.children:
            currency = one.header.currency or group.header.currency
            for transaction in one.children:
                yield group, currency, transaction


def _parsed(text: str) -> Any:
    records = list(filter(None, (line.strip() for line in text.splitlines())))
    codes = [record[:2] for record in records]
    if codes[:1] != ["01"] or codes[-1:] != ["99"] or codes.count("99") > 1:
        raise Unreadable(_("A BAI2 file begins with record 01 and ends with 99."))
    if len(records) > MOST_RECORDS:
        raise Unreadable(_("This file has more records than the portal takes."))
    for record in records:
        figure = FIGURE_AT.get(record[:2])
        fields = record.rstrip("/").split(",")
        if figure and not re.fullmatch("[-+]?[0-9]*", ",".join(fields[figure:][:1])):
            raise Unreadable(_("A record of this file is not as BAI2 has it."))
    try:
        return bai2.parse_from_lines(records)
    except IntegrityException as error:
        words = _("The control totals do not fit: %(error)s.")
        raise Unreadable(words % {"error": plain(str(error), 200)}) from None
    except (NotSupportedYetException, ParsingException) as error:
        words = _("This is not BAI2 as it is read here: %(error)s.")
        raise Unreadable(words % {"error": plain(str(error), 200)}) from None
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration):
        raise Unreadable(_("A record of this file is not as BAI2 has it.")) from None


def _line(
    transaction: Any, group: Any, number: int, currency: str, account: BankAccount
) -> Line | None:
    kind = transaction.type_code
    if kind.level != TypeCodeLevel.detail or kind.transaction not in SIGNS:
        return None
    require_currency(currency, account.currency)
    if transaction.amount is None or transaction.amount < 0:
        raise WrongRow(_("This line has no amount."))
    amount = in_cents(str(Decimal(transaction.amount) / 100))
    if not amount:
        return None
    availability = transaction.availability or {}
    day = availability.get("date") or group.header.as_of_date
    if day is None:
        raise WrongRow(_("This line has no day."))
    text = plain(transaction.text, LONGEST_NOTE)
    return Line(
        number=number,
        day=require_day(day),
        amount=SIGNS[kind.transaction] * amount,
        currency=account.currency,
        payer=payer_of(next(_senders(text), text)),
        reference=plain(transaction.bank_reference, LONGEST_REFERENCE),
        note=without_numbers(text),
    )


def _senders(text: str) -> Iterator[str]:
    if found := SENDER.search(text):
        yield found[1]
