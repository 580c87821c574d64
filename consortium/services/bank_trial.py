"""What a file of the bank would bring, line by line, before anything is recorded."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from ..models import BankAccount, BankFile, BankLine, Organization, Receipt
from ..states import ActState
from .bank_lines import Line, keys_of
from .receipts import ALIKE_DAYS

#: Within how many days a payment that is paid out again may be one that came in.
RETURNED_WITHIN = timedelta(days=90)


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    DOUBTFUL = "doubtful"
    KNOWN = "known"
    DEBIT = "debit"


@dataclass(frozen=True)
class Told:
    """A line of a file, and what becomes or became of it."""

    line: Line
    key: str
    fate: Fate
    receipt: Receipt | None = None
    member: Organization | None = None
    #: The row of the same file that it may be.
    row: int = 0

    @property
    def words(self) -> str:
        """Say why, where that is not plain."""
        if self.fate == Fate.KNOWN and self.receipt is None:
            return _("It stands in this file twice.")
        if self.fate == Fate.DOUBTFUL:
            what = self.receipt or _("row %(row)s") % {"row": self.row}
            words = _("It may be %(what)s; somebody else will look at it.")
            return words % {"what": what}
        if self.fate == Fate.DEBIT and self.receipt:
            return _("It may be %(receipt)s, which came back.") % {
                "receipt": self.receipt
            }
        return ""


class DryRun:
    """What a file would bring, line by line, as things are now."""

    def __init__(self, account: BankAccount, lines: Iterable[Line]) -> None:
        self.account = account
        self.lines = list(lines)
        self.keys = keys_of(self.lines)

    @cached_property
    def told(self) -> list[Told]:
        return list(self._told())

    @cached_property
    def counts(self) -> dict[str, int]:
        found = Counter(one.fate.value for one in self.told)
        return {fate.value: found[fate.value] for fate in Fate}

    @property
    def to_record(self) -> list[Told]:
        return [one for one in self.told if one.fate in (Fate.NEW, Fate.DOUBTFUL)]

    @cached_property
    def total(self) -> Decimal:
        return sum((one.line.amount for one in self.to_record), Decimal())

    def _told(self) -> Iterator[Told]:
        known, near = self._known(), _Near(self.lines)
        members = _members()
        seen: set[str] = set()
        for line, key in zip(self.lines, self.keys, strict=True):
            if not line.is_credit:
                yield Told(line, key, Fate.DEBIT, near.returned(line))
                continue
            if key in known or key in seen:
                yield Told(line, key, Fate.KNOWN, known.get(key))
                continue
            seen.add(key)
            member = members.get(_folded(line.payer))
            receipt, row = near.alike(line, member)
            fate = Fate.DOUBTFUL if receipt or row else Fate.NEW
            yield Told(line, key, fate, receipt, member, row)

    def _known(self) -> dict[str, Receipt]:
        """Return the receipts that are there, by the key of their line."""
        lines = BankLine.objects.filter(account=self.account, key__in=self.keys)
        found = {one.key: one.receipt for one in lines.select_related("receipt")}
        references = {line.reference for line in self.lines if line.reference}
        by_hand = Receipt.objects.filter(
            bank_account=self.account.name,
            bank_reference__in=references,
            replaces=None,
        ).exclude(state=ActState.REFUSED)
        told = {(r.bank_reference, r.received_on, r.amount): r for r in by_hand}
        for line, key in zip(self.lines, self.keys, strict=True):
            if same := told.get((line.reference, line.day, line.amount)):
                found.setdefault(key, same)
        return found


def _folded(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _members() -> dict[str, Organization | None]:
    """Return the companies by their names; none where a name is of several."""
    found: dict[str, Organization | None] = {}
    for one in Organization.objects.all():
        for name in {_folded(one.name), _folded(one.legal_name)}:
            found[name] = None if name in found else one
    return found


class _Near:
    """Receipts near the lines of a file, read once, by what may make them the same."""

    def __init__(self, lines: list[Line]) -> None:
        days = [line.day for line in lines]
        near = timedelta(days=ALIKE_DAYS)
        amounts = {abs(line.amount) for line in lines}
        since = min(days) - max(near, RETURNED_WITHIN)
        references = {line.reference.casefold() for line in lines if line.reference}
        kept = Receipt.objects.kept()
        rows = kept.filter(
            amount__in=amounts, received_on__range=(since, max(days) + near)
        )
        lowered = kept.alias(folded=Lower("bank_reference"))
        named = lowered.filter(folded__in=references)
        self.by_amount: dict[Decimal, list[Receipt]] = {}
        for receipt in rows.prefetch_related("shares").order_by("pk"):
            self.by_amount.setdefault(receipt.amount, []).append(receipt)
        self.by_reference: dict[str, Receipt] = {
            one.bank_reference.casefold(): one for one in named
        }
        self.earlier: dict[tuple[Decimal, str], list[Line]] = {}

    def alike(
        self, line: Line, member: Organization | None
    ) -> tuple[Receipt | None, int]:
        """Return what a line may be the same as: a receipt, or an earlier row."""
        if named := self.by_reference.get(line.reference.casefold()):
            return named, 0
        for receipt in self.by_amount.get(line.amount, []):
            is_near = abs(receipt.received_on - line.day).days <= ALIKE_DAYS
            if is_near and _is_of(receipt, line.payer, member):
                return receipt, 0
        return None, self._row_alike(line)

    def _row_alike(self, line: Line) -> int:
        same = self.earlier.setdefault((line.amount, line.payer.casefold()), [])
        near = [one for one in same if abs(one.day - line.day).days <= ALIKE_DAYS]
        same.append(line)
        return near[0].number if near else 0

    def returned(self, line: Line) -> Receipt | None:
        """Return the receipt of which a debit may be the return."""
        for receipt in reversed(self.by_amount.get(-line.amount, [])):
            since = line.day - receipt.received_on
            if timedelta() <= since <= RETURNED_WITHIN and (
                receipt.payer_name.casefold() == line.payer.casefold()
                or (
                    _folded(receipt.bank_reference) in _folded(line.note)
                    and receipt.bank_reference
                )
            ):
                return receipt
        return None


def _is_of(receipt: Receipt, payer: str, member: Organization | None) -> bool:
    if receipt.payer_name.casefold() == payer.casefold():
        return True
    if member is None:
        return False
    shares = {share.organization_id for share in receipt.shares.all()}
    return member.pk == receipt.organization_id or member.pk in shares


def try_bank_file(file: BankFile) -> DryRun:
    """Return what a file would bring, as things are now."""
    return DryRun(file.account, map(Line.from_json, file.lines))
