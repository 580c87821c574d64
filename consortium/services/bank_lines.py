"""What a file of the bank says, line by line, whatever its format."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Self

from django.utils.translation import gettext as _

from inm_portal.kernel import money
from inm_portal.kernel.errors import Refusal

from ..models import EARLIEST

#: More lines than that is no statement of a day or a month.
MOST_LINES = 10_000

#: What may be the number of an account, in words that a bank wrote.
ACCOUNT_NUMBER = re.compile(r"[0-9](?:[0-9 ]{7,}[0-9])|[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")

LONGEST_PAYER, LONGEST_REFERENCE, LONGEST_NOTE = 200, 100, 300


class Unreadable(Refusal):
    """A file that is not of its format, or does not add up, as a whole."""

    code = "bank_file_unreadable"
    field = "file"


class WrongRow(ValueError):
    """What is wrong with one row, in words."""


@dataclass(frozen=True)
class Line:
    """A line of an account: above zero what arrived, below what was paid out."""

    number: int
    day: date
    amount: Decimal
    currency: str
    payer: str
    reference: str = ""
    note: str = ""

    @property
    def is_credit(self) -> bool:
        return self.amount > 0

    @property
    def told(self) -> tuple[Any, ...]:
        """Return all that the bank says of it."""
        facts = self.day, self.amount, self.currency, self.payer
        return (*facts, self.reference, self.note)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"day": self.day.isoformat(), "amount": str(self.amount)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        day, amount = date.fromisoformat(kept["day"]), Decimal(kept["amount"])
        return cls(**kept | {"day": day, "amount": amount})


@dataclass(frozen=True)
class RowError:
    """A row that cannot be read: its number, what it says, and what is wrong."""

    number: int
    said: str
    words: str


@dataclass
class Statement:
    """All lines of a file, and the rows that are wrong."""

    lines: list[Line] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, number: int, said: Iterable[str], words: str) -> None:
        told = " · ".join(plain(cell, 60) for cell in said if cell and cell.strip())
        self.errors.append(RowError(number, without_numbers(told)[:200], words))


def keys_of(lines: list[Line]) -> list[str]:
    """
    Return what tells each line from all others of its account.

    That is the reference of the bank with day and amount, as some banks use a word
    for a reference; without one, all that is said of it and how often that was said
    before on that day.
    """
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        if line.reference:
            told = f"{line.day} {line.amount} reference {line.reference.casefold()}"
            found.append(told[:150])
            continue
        said = "|".join(map(str, line.told))
        digest = sha256(said.encode()).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        found.append(f"line {digest} {seen[digest]}")
    return found


def plain(text: str | None, most: int) -> str:
    """Return text on one line, without what an eye does not see."""
    seen = "".join(
        " " if unicodedata.category(c)[0] in "CZ" else c
        for c in unicodedata.normalize("NFC", text or "")
    )
    return " ".join(seen.split())[:most].rstrip()


def without_numbers(text: str) -> str:
    """Leave of what may be the number of an account its last four signs."""
    return ACCOUNT_NUMBER.sub(lambda found: f"…{found[0][-4:]}", text)


def payer_of(text: str | None) -> str:
    return without_numbers(plain(text, LONGEST_PAYER)) or _("Not told")


def amount_of(written: str, mark: str = ".") -> Decimal:
    """
    Return an amount as a file writes it, with a sign, or in brackets if below zero.

    :raises WrongRow: unless it is an amount in whole cents.
    """
    text = written.strip().replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    is_below = text.startswith("(") and text.endswith(")")
    text = (text[1:-1] if is_below else text).removeprefix("$")
    if is_below and text[:1] in {"-", "+"}:
        raise WrongRow(_("This is no amount: %(text)s") % {"text": plain(written, 30)})
    thousands = "," if mark == "." else "."
    whole, _mark, cents = text.partition(mark)
    if thousands in whole and not re.fullmatch(
        rf"[-+]?[0-9]{{1,3}}(?:\{thousands}[0-9]{{3}})+", whole
    ):
        raise WrongRow(_("This is no amount: %(text)s") % {"text": plain(written, 30)})
    whole = whole.replace(thousands, "")
    if not re.fullmatch(r"[-+]?[0-9]{1,15}", whole) or not re.fullmatch(
        "[0-9]*", cents
    ):
        raise WrongRow(_("This is no amount: %(text)s") % {"text": plain(written, 30)})
    if len(cents) == 3:
        # Of three digits nobody knows whether they are thousands.
        raise WrongRow(_("An amount has two decimals, and is not rounded."))
    return in_cents(f"{whole}.{cents or 0}") * (-1 if is_below else 1)


def in_cents(written: str) -> Decimal:
    """
    :raises WrongRow: for more than two decimals, or more than a column holds.
    """
    if not re.fullmatch(r"[-+]?[0-9]{1,30}(\.[0-9]{0,30})?", written):
        raise WrongRow(_("This is no amount."))
    amount = Decimal(written)
    if abs(amount) > money.MOST:
        raise WrongRow(_("This amount is larger than any that is kept."))
    if amount != amount.quantize(money.CENT):
        raise WrongRow(_("An amount has two decimals, and is not rounded."))
    return amount.quantize(money.CENT)


def require_day(day: date) -> date:
    """
    Return a day on which money can have moved.

    :raises WrongRow: for one that lies too far back.
    """
    if day < EARLIEST:
        raise WrongRow(_("This day lies too far back."))
    return day


def require_currency(found: str, asked: str) -> None:
    """
    :raises WrongRow: if a line is not in the currency of its account.
    """
    if found.strip().upper() != asked:
        facts = {"found": plain(found, 10) or _("empty"), "asked": asked}
        raise WrongRow(_("This is in %(found)s, the account in %(asked)s.") % facts)
