"""Take in what finance recognized: tried first, then all or nothing."""

import csv
import io
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import (
    LedgerAccount,
    LedgerLine,
    Organization,
    PostingKind,
    RecognisedAmount,
    RecognitionImport,
)
from ..verbs import Verb
from .bank_csv import decoded
from .bank_lines import Unreadable, plain
from .ledger import credit, debit, post
from .organizations import lock_organizations

COLUMNS = ["member", "month", "amount", "currency"]


#: More rows than members have months.
MOST_ROWS = 10_000


class FileHasErrors(Refusal):
    code = "file_has_errors"
    field = "file"


class FileImported(Refusal):
    code = "file_imported"
    field = "file"


@dataclass(frozen=True)
class Recognised:
    organization: Organization
    month: date
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Row:
    """A row as it stands in the file, and what is wrong with it, if anything."""

    number: int
    cells: list[str]
    words: str = ""


@dataclass
class DryRun:
    """What a file would bring, and what is wrong with it: number of the row, words."""

    rows: list[Recognised] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    told: list[Row] = field(default_factory=list)

    def refuse(self, number: int, words: str, cells: list[str] | None = None) -> None:
        self.errors.append((number, words))
        self.told.append(Row(number, cells or [], words))

    @property
    def sums(self) -> dict[str, Decimal]:
        """Return what the rows that are right come to, by currency."""
        found: dict[str, Decimal] = {}
        for row in self.rows:
            found[row.currency] = found.get(row.currency, Decimal()) + row.amount
        return found


def try_recognition(content: bytes, *, today: date) -> DryRun:
    """
    Read a file as it would be imported on a day, and change nothing.

    A month to come is refused, and an amount that a member's month has already:
    what is recognized anew comes as the difference.
    """
    found = DryRun()
    reader = csv.DictReader(io.StringIO(_decoded(content), newline=""))
    try:
        _read_all(reader, found, today)
    except csv.Error as error:
        words = _("This is not CSV: %(error)s.") % {"error": error}
        found.refuse(reader.line_num, words)
    if not found.rows and not found.errors:
        found.refuse(1, _("The file has no rows."))
    return found


def _read_all(reader: csv.DictReader, found: DryRun, today: date) -> None:
    if [name.strip().casefold() for name in reader.fieldnames or []] != COLUMNS:
        columns = ", ".join(COLUMNS)
        found.refuse(1, _("The columns are: %(columns)s.") % {"columns": columns})
        return
    reader.fieldnames = COLUMNS
    by_name = {one.name: one for one in Organization.objects.all()}
    told = ["organization", "month", "amount", "currency"]
    there = set(RecognisedAmount.objects.values_list(*told))
    seen: set[tuple[int, date]] = set()
    for number, row in enumerate(reader, start=2):
        if number > MOST_ROWS:
            most = {"most": f"{MOST_ROWS:,}"}
            found.refuse(number, _("A file has %(most)s rows at most.") % most)
            return
        cells = [plain(row[name], 60) for name in COLUMNS]
        try:
            read = _read(row, by_name)
            _require_new(read, seen, there, today)
        except ValueError as error:
            found.refuse(number, str(error), cells)
        else:
            seen.add((read.organization.pk, read.month))
            found.rows.append(read)
            found.told.append(Row(number, cells))


def _require_new(
    read: Recognised, seen: Container[Any], there: Container[Any], today: date
) -> None:
    """
    :raises ValueError: with words, if it is there already, or of a month to come.
    """
    key = read.organization.pk, read.month
    if key in seen:
        raise ValueError(_("This member and month is there twice."))
    if read.month > today:
        raise ValueError(_("This month has not begun."))
    if (*key, read.amount, read.currency) in there:
        raise ValueError(_("This amount was imported for it already."))


def _decoded(content: bytes) -> str:
    try:
        return decoded(content)
    except Unreadable:
        return ""


def _read(row: dict, by_name: dict[str, Organization]) -> Recognised:
    """
    :raises ValueError: with words, if a row is not as it has to be.
    """
    organization = by_name.get((row["member"] or "").strip())
    if organization is None:
        raise ValueError(_("No member has this name."))
    try:
        month = datetime.strptime(row["month"] or "", "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        raise ValueError(_("Write the month as 2026-07.")) from None
    if row["currency"] not in dict(money.CURRENCIES):
        raise ValueError(_("This currency is not kept here."))
    return Recognised(organization, month, _amount(row["amount"]), row["currency"])


def _amount(written: str | None) -> Decimal:
    try:
        amount = Decimal(written or "")
        is_amount = amount.is_finite() and 0 < abs(amount) <= money.MOST
        if is_amount and amount == amount.quantize(money.CENT):
            return amount
    except InvalidOperation:
        pass
    raise ValueError(_("Write the amount as 22916.67, with a minus where it corrects."))


@transaction.atomic
def import_recognition(
    content: bytes, *, name: str, today: date, at: datetime, by: User
) -> RecognitionImport:
    """
    Post what finance recognized, all of a file or nothing of it, and each file once.

    :raises FileHasErrors: if the dry run finds any.
    :raises FileImported: if it was imported before.
    """
    take_turns("recognized amounts")
    digest = sha256(content).hexdigest()
    if RecognitionImport.objects.filter(sha256=digest).exists():
        raise FileImported(_("This file was imported already."))
    found = try_recognition(content, today=today)
    if found.errors:
        number, words = found.errors[0]
        raise FileHasErrors(
            _("Row %(row)s: %(words)s") % {"row": number, "words": words}
        )
    lock_organizations(*[row.organization for row in found.rows])
    source = RecognitionImport.objects.create(
        name=name, sha256=digest, imported_by=by, imported_at=at
    )
    for row in found.rows:
        entry = post(
            PostingKind.INCOME_RECOGNISED,
            _lines(row),
            value_on=min(row.month + relativedelta(day=31), today),
            currency=row.currency,
            by=by,
            at=at,
        )
        RecognisedAmount.objects.create(source=source, entry=entry, **vars(row))
    journal.record(Verb.INCOME_IMPORTED, source, by=by, rows=len(found.rows))
    return source


def _lines(row: Recognised) -> list[LedgerLine]:
    """Return both sides: out of deferred dues, or back where less was recognized."""
    sides = [LedgerAccount.DEFERRED_DUES, LedgerAccount.DUES_INCOME]
    if row.amount < 0:
        sides.reverse()
    amount = abs(row.amount)
    return [
        debit(sides[0], amount, row.organization),
        credit(sides[1], amount, row.organization),
    ]
