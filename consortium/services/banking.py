"""Take in files of the bank: read, shown, then all of a file or nothing."""

from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import IO, Any

from django.core.files import File
from django.db import transaction
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
    Organization,
    Receipt,
)
from ..verbs import Verb
from .bank_bai2 import read_bai2
from .bank_camt import read_camt
from .bank_csv import read_csv
from .bank_lines import Line, RowError, Statement, Unreadable
from .bank_trial import Fate, try_bank_file
from .organizations import lock_organizations
from .receipts import RECEIVING, record_held

READERS = {
    BankFormat.CSV: read_csv,
    BankFormat.CAMT053: read_camt,
    BankFormat.BAI2: read_bai2,
}

#: Hears how many receipts of how many are recorded.
Tell = Callable[[int, int], None]

MOST_BYTES = 25 * 1024 * 1024


def _to_nobody(done: int, of: int) -> None:
    """Tell nobody."""


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


@transaction.atomic
def take_in_bank_file(
    file: BankFile, *, at: datetime, by: User, tell: Tell = _to_nobody
) -> BankImport:
    """
    Record what arrived by a file: all of it, each line once; the rest is counted.

    Who paid is known by the name alone; else the money is nobody's yet. What may be
    there already waits for a second person. What was paid out is not recorded.
    ``tell`` hears after each receipt how many of how many there are.

    :raises BankFileTakenIn: if this file was taken in.
    :raises NothingToTakeIn: if there is no line in it that is not known.
    """
    members = {one.member for one in try_bank_file(file).to_record if one.member}
    lock_organizations(*members)
    take_turns(RECEIVING)
    _require_new(file.account, file.sha256)
    found = try_bank_file(file)
    if not found.to_record:
        raise NothingToTakeIn(_("There is nothing in this file that is not known."))
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
    for done, one in enumerate(found.to_record, 1):
        may_be = one.receipt or receipts.get(one.row)
        member = one.member if one.member in members else None
        receipts[one.line.number] = _recorded(
            one.line, file, may_be=may_be, organization=member, at=at, by=by
        )
        tell(done, len(found.to_record))
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
