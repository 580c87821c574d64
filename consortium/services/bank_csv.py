"""Statements in CSV, by the columns that the account says."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ..models import BankAccount
from .bank_lines import (
    LONGEST_NOTE,
    LONGEST_REFERENCE,
    MOST_LINES,
    Line,
    Statement,
    Unreadable,
    WrongRow,
    amount_of,
    payer_of,
    plain,
    require_currency,
    require_day,
    without_numbers,
)

#: Lines above the headings, such as the name of the bank.
MOST_ABOVE = 30


def decoded(content: bytes) -> str:
    """
    Return text as UTF-8, or else as what Windows writes in the West.

    :raises Unreadable: for what is no text.
    """
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise Unreadable(_("This file is no text. Save it as CSV in UTF-8."))


def read_csv(content: bytes, account: BankAccount) -> Statement:
    """
    :raises Unreadable: if it is no CSV with the columns that the account names.
    """
    source = io.StringIO(decoded(content), newline="")
    rows = csv.reader(source, delimiter=account.delimiter, strict=True)
    statement = Statement()
    try:
        places = _places(rows, account)
        for row in rows:
            if any(cell.strip() for cell in row):
                _read(row, rows.line_num, places, account, statement)
            if len(statement.lines) + len(statement.errors) > MOST_LINES:
                words = _("A file has %(most)s lines at most. Split it by days.")
                raise Unreadable(words % {"most": f"{MOST_LINES:,}"})
    except csv.Error as error:
        facts = {"row": rows.line_num, "error": error}
        raise Unreadable(_("Row %(row)s is not CSV: %(error)s.") % facts) from None
    return statement


def _places(rows: Any, account: BankAccount) -> dict[str, int]:
    """Return where each column is; its headings may stand below some other rows."""
    named = {
        name: getattr(account, f"{name}_column").strip().casefold()
        for name in [
            *["day", "amount", "credit", "debit"],
            *["payer", "reference", "note", "currency"],
        ]
    }
    asked = {name: heading for name, heading in named.items() if heading}
    missing = set(asked.values())
    for row in rows:
        headings = [cell.strip().casefold() for cell in row]
        lacks = set(asked.values()) - set(headings)
        if not lacks:
            return {name: headings.index(heading) for name, heading in asked.items()}
        missing = min(missing, lacks, key=len)
        if rows.line_num > MOST_ABOVE:
            break
    listed = ", ".join(sorted(missing))
    raise Unreadable(
        _("The file has no column with the heading %(headings)s.")
        % {"headings": listed}
    )


def _read(
    row: list[str],
    number: int,
    places: dict[str, int],
    account: BankAccount,
    statement: Statement,
) -> None:
    cells = {name: row[at] if at < len(row) else "" for name, at in places.items()}
    try:
        if "currency" in cells:
            require_currency(cells["currency"], account.currency)
        amount = _amount(cells, account.decimal_mark)
        if not amount:
            return
        line = Line(
            number=number,
            day=_day(cells["day"], account.day_format),
            amount=amount,
            currency=account.currency,
            payer=payer_of(cells["payer"]),
            reference=plain(cells.get("reference"), LONGEST_REFERENCE),
            note=without_numbers(plain(cells.get("note"), LONGEST_NOTE)),
        )
    except WrongRow as error:
        statement.refuse(number, row, str(error))
    else:
        statement.lines.append(line)


def _amount(cells: dict[str, str], mark: str) -> Decimal:
    if "amount" in cells:
        return amount_of(cells["amount"], mark)
    sides = [cells.get("credit", "").strip(), cells.get("debit", "").strip()]
    arrived, paid = [amount_of(side, mark) if side else Decimal() for side in sides]
    if arrived and paid:
        raise WrongRow(_("A line is either a credit or a debit."))
    if arrived < 0:
        raise WrongRow(_("A credit is above zero."))
    if not any(sides):
        raise WrongRow(_("This row has no amount."))
    return arrived or -abs(paid)


def _day(written: str, day_format: str) -> date:
    try:
        day = datetime.strptime(written.strip(), day_format).date()  # noqa: DTZ007
    except ValueError:
        example = date(2026, 11, 22).strftime(day_format)
        facts = {"found": plain(written, 30) or _("empty"), "example": example}
        words = _("The day is %(found)s, and is read as in %(example)s.")
        raise WrongRow(words % facts) from None
    return require_day(day)
