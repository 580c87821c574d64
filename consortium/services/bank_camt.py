"""
Statements in camt.053 (ISO 20022): the few elements that a receipt needs.

Nothing in the file is expanded or fetched; a document type is refused. What the
balances and the totals of the file say is what its entries have to add up to.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
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
    in_cents,
    payer_of,
    plain,
    require_currency,
    require_day,
    without_numbers,
)

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
SIGNS = {"CRDT": 1, "DBIT": -1}

#: Entries whose money has moved; others are only announced.
BOOKED = "BOOK"


def read_camt(content: bytes, account: BankAccount) -> Statement:
    """
    :raises Unreadable: if it is no camt.053, or its sums do not fit its entries.
    """
    root = _parsed(content)
    if not root.tag.startswith(f"{{{SPACE}"):
        raise Unreadable(_("This is no camt.053 statement."))
    _without_space(root)
    found = Statement()
    statements = root.findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise Unreadable(_("There is no statement in this file."))
    for one in statements:
        _read(one, account, found)
    return found


def _parsed(content: bytes) -> Element:
    try:
        return fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable(
            _("This file has a document type, which is not read.")
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(_("This is not XML: %(error)s.") % {"error": error}) from None


def _without_space(root: Element) -> None:
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]


def _read(statement: Element, account: BankAccount, found: Statement) -> None:
    total = Decimal()
    entries = statement.findall("Ntry")
    for entry in entries:
        number = len(found.lines) + len(found.errors) + 1
        if number > MOST_LINES:
            words = _("A file has %(most)s lines at most. Split it by days.")
            raise Unreadable(words % {"most": f"{MOST_LINES:,}"})
        try:
            line = _line(entry, number, account)
        except WrongRow as error:
            found.refuse(number, entry.itertext(), str(error))
        else:
            if line is not None:
                total += line.amount
                found.lines.append(line)
    if not found.errors:
        _require_sums(statement, len(entries), total)


def _line(entry: Element, number: int, account: BankAccount) -> Line | None:
    status = entry.findtext("Sts/Cd") or entry.findtext("Sts") or ""
    if status.strip() != BOOKED:
        return None
    amount = entry.find("Amt")
    if amount is None:
        raise WrongRow(_("This entry has no amount."))
    require_currency(amount.get("Ccy", ""), account.currency)
    figure = in_cents((amount.text or "").strip())
    sign = SIGNS.get((entry.findtext("CdtDbtInd") or "").strip())
    if sign is None or figure <= 0:
        raise WrongRow(_("This entry is neither a credit nor a debit."))
    return Line(
        number=number,
        day=_day(entry),
        amount=sign * figure,
        currency=account.currency,
        payer=payer_of(_payer(entry, sign)),
        reference=plain(entry.findtext("AcctSvcrRef"), LONGEST_REFERENCE),
        note=without_numbers(plain(" ".join(_said(entry)), LONGEST_NOTE)),
    )


def _day(entry: Element) -> date:
    for way in ("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm"):
        if text := (entry.findtext(way) or "").strip():
            try:
                day = date.fromisoformat(text[:10])
            except ValueError:
                break
            return require_day(day)
    raise WrongRow(_("This entry has no day."))


def _payer(entry: Element, sign: int) -> str:
    """Return the other party; of several in one entry, that there are several."""
    party = "Dbtr" if sign > 0 else "Cdtr"
    ways = (f"RltdPties/{party}/Pty/Nm", f"RltdPties/{party}/Nm")
    names = [
        next(filter(None, map(details.findtext, ways)), "")
        for details in entry.findall("NtryDtls/TxDtls")
    ]
    if len(set(names)) > 1:
        return _("Several payers")
    return names[0] if names else ""


def _said(entry: Element) -> Iterator[str]:
    for details in entry.findall("NtryDtls/TxDtls"):
        for element in details.findall("RmtInf/Ustrd"):
            yield element.text or ""
        for element in details.findall("RmtInf/Strd/CdtrRefInf/Ref"):
            yield element.text or ""
    yield entry.findtext("AddtlNtryInf") or ""


def _require_sums(statement: Element, count: int, total: Decimal) -> None:
    """
    :raises Unreadable: if a sum that the file says is another than its entries have.
    """
    told: list[tuple[str, Any]] = []
    said = statement.findtext("TxsSummry/TtlNtries/NbOfNtries")
    if said and said.strip() != str(count):
        told.append((said, count))
    balances = dict(_balances(statement))
    opening = balances.get("OPBD", balances.get("PRCD"))
    if opening is None or "CLBD" not in balances:
        raise Unreadable(_("The file lacks its opening or its closing balance."))
    if opening + total != balances["CLBD"]:
        told.append((str(balances["CLBD"] - opening), total))
    for asked, found in told:
        words = _("The file says %(asked)s, and its entries come to %(found)s.")
        raise Unreadable(words % {"asked": plain(asked, 40), "found": found})


def _balances(statement: Element) -> Iterator[tuple[str, Decimal]]:
    for balance in statement.findall("Bal"):
        code = (balance.findtext("Tp/CdOrPrtry/Cd") or "").strip()
        sign = SIGNS.get((balance.findtext("CdtDbtInd") or "").strip(), 1)
        try:
            yield code, sign * in_cents((balance.findtext("Amt") or "").strip())
        except WrongRow as error:
            raise Unreadable(str(error)) from None
