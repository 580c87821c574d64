"""Take in files of the bank: read, shown, then all of a file or nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import files, journal, scanners
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import (
    BankAccount,
    BankFile,
    BankFormat,
    BankImport,
    BankLine,
    LedgerEntry,
    Organization,
    Receipt,
)
from ..states import ActState
from ..verbs import Verb
from .bank_bai2 import read_bai2
from .bank_camt import read_camt
from .bank_csv import read_csv
from .bank_lines import Line, RowError, Statement, Unreadable, keys_of
from .organizations import lock_organizations
from .receipts import ALIKE_DAYS, RECEIVING, record_held

READERS = {
    BankFormat.CSV: read_csv,
    BankFormat.CAMT053: read_camt,
    BankFormat.BAI2: read_bai2,
}

MOST_BYTES = 25 * 1024 * 1024

#: As many as are recorded while somebody waits.
MOST_RECEIPTS = 2_000

#: Receipts that stand in the books.
LIVE = Q(entry__isnull=False) & ~Exists(
    LedgerEntry.objects.filter(reverses=OuterRef("entry"))
)

#: Within how many days a payment that is paid out again may be one that came in.
RETURNED_WITHIN = timedelta(days=90)


class NameTaken(Refusal):
    code = "name_taken"
    field = "name"


class NotMapped(Refusal):
    code = "not_mapped"
    field = "day_column"


class ScannerAway(Refusal):
    code = "scanner_away"
    field = "file"


class Infected(Refusal):
    code = "infected"
    field = "file"


class BankFileHasErrors(Refusal):
    """Rows that cannot be taken in; each with its words."""

    code = "bank_file_has_errors"
    field = "file"

    def __init__(self, message: str, *, errors: list[RowError]) -> None:
        super().__init__(message)
        self.errors = errors


class BankFileTakenIn(Refusal):
    """This very file was taken in; ``file`` says when, and what came of it."""

    code = "bank_file_taken_in"
    field = "file"

    def __init__(self, message: str, *, file: BankFile) -> None:
        super().__init__(message)
        self.file = file


class NothingToTakeIn(Refusal):
    code = "nothing_to_take_in"


class TooManyReceipts(Refusal):
    code = "too_many_receipts"


@transaction.atomic
def add_bank_account(*, by: User, **details: Any) -> BankAccount:
    """
    Say how the files of an account are read.

    :raises NameTaken: if another account is called so.
    :raises NotMapped: if a file in CSV would lack a column.
    """
    take_turns("consortium.bank_accounts")
    account = BankAccount(**details)
    _require_account(account)
    account.save()
    journal.record(Verb.BANK_ACCOUNT_ADDED, account, by=by, format=account.format)
    return account


@transaction.atomic
def change_bank_account(
    account: BankAccount, *, by: User, version: int | None = None, **details: Any
) -> BankAccount:
    """
    Change how the files of an account are read from now on.

    :raises NameTaken: if another account is called so.
    :raises NotMapped: if a file in CSV would lack a column.
    :raises EditConflict: if somebody changed it since ``version``.
    """
    take_turns("consortium.bank_accounts")
    account = BankAccount.objects.locked(account)
    changed = BankAccount(
        **{
            field.attname: details.get(field.name, getattr(account, field.attname))
            for field in BankAccount._meta.concrete_fields
        }
    )
    _require_account(changed)
    if fields := account.edit(version, **details):
        journal.record(Verb.BANK_ACCOUNT_CHANGED, account, by=by, fields=fields)
    return account


def _require_account(account: BankAccount) -> None:
    others = BankAccount.objects.exclude(pk=account.pk)
    if others.filter(name__iexact=account.name).exists():
        raise NameTaken(_("Another account is called so."))
    if account.format != BankFormat.CSV:
        return
    if not account.day_column or not account.payer_column:
        raise NotMapped(_("Name the columns of the day and of the payer."))
    if bool(account.amount_column) == bool(account.credit_column) or (
        account.amount_column and account.debit_column
    ):
        words = _("Name one column of amounts, or one of credits beside debits.")
        raise NotMapped(words)


def read_file(file: IO[bytes] | File, *, account: BankAccount) -> tuple[str, Statement]:
    """
    Return the digest of a file and what it says, and change nothing.

    :raises TooLarge: if it has more bytes than a month of lines.
    :raises Infected: if the scanner finds something in it.
    :raises ScannerAway: if the scanner gives no verdict.
    :raises Unreadable: if it is not of the account's format, or does not add up.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        most = {"most": MOST_BYTES // 1024**2}
        raise files.TooLarge(_("The file is larger than %(most)s MB.") % most)
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    file.seek(0)
    _require_clean(file)
    statement = READERS[BankFormat(account.format)](content, account)
    _require_one_of_each(statement)
    if not statement.lines and not statement.errors:
        raise Unreadable(_("There is no line in this file."))
    return sha256(content).hexdigest(), statement


def _require_clean(file: Any) -> None:
    if not scanners.is_there():
        return
    try:
        is_clean = scanners.is_clean(file)
    except scanners.ScannerAway:
        words = _("The file cannot be checked just now; try again in a minute.")
        raise ScannerAway(words) from None
    if not is_clean:
        raise Infected(_("This file is infected, and was not read."))


def _require_one_of_each(statement: Statement) -> None:
    """Refuse rows that share a reference, and say different things."""
    by_reference: dict[str, Line] = {}
    kept = []
    for line in statement.lines:
        first = by_reference.setdefault(line.reference.casefold(), line)
        if line.reference and first.told != line.told:
            facts = {"reference": line.reference, "row": first.number}
            words = _(
                "%(reference)s stands on row %(row)s too, which says something else. "
                "A reference is of one line alone."
            )
            said = [str(line.day), line.payer, str(line.amount)]
            statement.refuse(line.number, said, words % facts)
        else:
            kept.append(line)
    statement.lines = kept


@transaction.atomic
def upload_bank_file(
    file: File, *, account: BankAccount, today: date, at: datetime, by: User
) -> BankFile:
    """
    Keep what a file says, to be looked at; nothing is recorded of it yet.

    What somebody uploaded before, and nobody took in, is given again.

    :raises BankFileHasErrors: if a row cannot be taken in.
    :raises BankFileTakenIn: if this file was taken in.
    """
    name = files.safe_name(file.name or "")
    digest, statement = read_file(file, account=account)
    for line in statement.lines:
        if line.day > today:
            said = [str(line.day), line.payer, str(line.amount)]
            statement.refuse(line.number, said, _("This day has not come yet."))
    take_turns(f"consortium.bank_file {account.pk} {digest}")
    _require_new(account, digest)
    if statement.errors:
        count = len(statement.errors)
        words = _("%(count)s of its rows cannot be read. Nothing was taken in.")
        errors = sorted(statement.errors, key=lambda error: error.number)
        raise BankFileHasErrors(words % {"count": count}, errors=errors)
    lines = [line.as_json() for line in statement.lines]
    told = {"account": account, "sha256": digest, "lines": lines}
    if earlier := BankFile.objects.filter(**told).first():
        return earlier
    kept = BankFile.objects.create(name=name, uploaded_by=by, uploaded_at=at, **told)
    facts = {"account": account, "lines": len(lines), "sha256": digest}
    journal.record(Verb.BANK_FILE_UPLOADED, kept, by=by, **facts)
    return kept


def _require_new(account: BankAccount, digest: str) -> None:
    taken_in = BankImport.objects.filter(account=account, sha256=digest)
    if found := taken_in.select_related("file", "imported_by").first():
        facts = {"file": found, "on": f"{found.imported_at:%b} {found.imported_at.day}"}
        words = _(
            "This very file was taken in on %(on)s, as %(file)s. Nothing changed."
        )
        raise BankFileTakenIn(words % facts, file=found.file)


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
        by_reference = {one.bank_reference: one for one in by_hand}
        for line, key in zip(self.lines, self.keys, strict=True):
            if line.reference in by_reference:
                found.setdefault(key, by_reference[line.reference])
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
        told = Q(amount__in=amounts, received_on__range=(since, max(days) + near))
        standing = Q(state=ActState.PROPOSED) | LIVE
        rows = Receipt.objects.filter(told, standing)
        lowered = Receipt.objects.alias(folded=Lower("bank_reference"))
        named = lowered.filter(standing, folded__in=references)
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


@transaction.atomic
def take_in_bank_file(file: BankFile, *, at: datetime, by: User) -> BankImport:
    """
    Record what arrived by a file: all of it, each line once; the rest is counted.

    Who paid is known by the name alone; else the money is nobody's yet. What may be
    there already waits for a second person. What was paid out is not recorded.

    :raises BankFileTakenIn: if this file was taken in.
    :raises NothingToTakeIn: if there is no line in it that is not known.
    :raises TooManyReceipts: if it brings more than are recorded at once.
    """
    members = {one.member for one in try_bank_file(file).to_record if one.member}
    lock_organizations(*members)
    take_turns(RECEIVING)
    _require_new(file.account, file.sha256)
    found = try_bank_file(file)
    if not found.to_record:
        raise NothingToTakeIn(_("There is nothing in this file that is not known."))
    if len(found.to_record) > MOST_RECEIPTS:
        most = {"most": f"{MOST_RECEIPTS:,}"}
        words = _("At most %(most)s receipts are recorded at once. Split it by days.")
        raise TooManyReceipts(words % most)
    taken_in = BankImport.objects.create(
        file=file,
        account=file.account,
        sha256=file.sha256,
        line_count=len(found.lines),
        receipt_count=len(found.to_record),
        known_count=found.counts[Fate.KNOWN],
        debit_count=found.counts[Fate.DEBIT],
        imported_by=by,
        imported_at=at,
    )
    receipts: dict[int, Receipt] = {}
    for one in found.to_record:
        may_be = one.receipt or receipts.get(one.row)
        member = one.member if one.member in members else None
        receipts[one.line.number] = _recorded(
            one.line, file, may_be=may_be, organization=member, at=at, by=by
        )
    BankLine.objects.bulk_create(
        BankLine(
            source=taken_in,
            account=file.account,
            key=one.key,
            number=one.line.number,
            receipt=receipts[one.line.number],
        )
        for one in found.to_record
    )
    facts = {"receipts": taken_in.receipt_count, "sha256": file.sha256}
    journal.record(Verb.BANK_FILE_TAKEN_IN, file, by=by, **facts)
    return taken_in


def _recorded(
    line: Line,
    file: BankFile,
    *,
    may_be: Receipt | None,
    at: datetime,
    by: User,
    organization: Organization | None,
) -> Receipt:
    place = {"row": line.number, "file": file}
    reason = _("A line of its own at the bank: row %(row)s of %(file)s.") % place
    return record_held(
        may_be=may_be,
        at=at,
        by=by,
        amount=line.amount,
        received_on=line.day,
        method=file.account.method,
        payer_name=line.payer,
        organization=organization,
        currency=line.currency,
        bank_reference=line.reference,
        bank_account=file.account.name,
        reason=reason if may_be else "",
        note=line.note,
    )
