"""Lists as Excel files, row by row, in memory that does not grow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import F, QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from inm_portal.kernel.errors import Refusal

from .cells import Inert

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: What Excel can hold, below the header.
MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767

#: Whole numbers below are exact in Excel, which counts in floating point.
EXACT = 10**15

#: Rows that are read at once, and after which progress is told.
CHUNK = 1_000

#: Excel knows no dates before.
FIRST_YEAR = 1900

#: No column is narrower than that.
NARROW = 12

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "in_memory": False,
}

Tell = Callable[[int], None]


class TooManyRows(Refusal):
    code = "too_many_rows"


def write_xlsx(
    file: IO[bytes],
    queryset: QuerySet,
    columns: Mapping[str, Any],
    *,
    title: str,
    tell: Tell = lambda done: None,
) -> int:
    """
    Write the rows of ``queryset`` below a frozen header; return how many.

    The columns are those of the CSV file, but typed: amounts, dates and
    moments of the portal's zone. Text stays text, whatever it looks like.

    :raises TooManyRows: for more than a sheet holds.
    """
    named = {
        f"xlsx_{number}": _plain(value) for number, value in enumerate(columns.values())
    }
    rows = queryset.annotate(**named).values_list(*named).iterator(chunk_size=CHUNK)
    return write_sheet(file, rows, list(columns), title=title, tell=tell)


def write_sheet(
    file: IO[bytes],
    rows: Iterable[Sequence[Any]],
    header: list[str],
    *,
    title: str,
    tell: Tell = lambda done: None,
) -> int:
    """
    Write rows that were read already below a frozen header; return how many.

    :raises TooManyRows: for more than a sheet holds.
    """
    with Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(title[:31])
        _head(book, sheet, header)
        cells = _Cells(book, sheet)
        number = 0
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                raise TooManyRows(_("An Excel file has no room for all these rows."))
            cells.write(number, row)
            if number % CHUNK == 0:
                tell(number)
        sheet.autofilter(0, 0, number, len(header) - 1)
    return number


def xlsx_response(
    name: str, queryset: QuerySet, columns: Mapping[str, Any]
) -> FileResponse:
    """Answer with the rows of ``queryset`` as a file that is removed once sent."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(file, queryset, columns, title=name)
    return _sent(file, name)


def sheet_response(
    name: str, rows: Iterable[Sequence[Any]], header: list[str]
) -> FileResponse:
    """Answer with rows that were read already, in the same way."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    write_sheet(file, rows, header, title=name)
    return _sent(file, name)


def _sent(file: IO[bytes], name: str) -> FileResponse:
    file.seek(0)
    response = FileResponse(
        file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX
    )
    response["Content-Encoding"] = "identity"  # it is compressed already
    return response


def _plain(value: Any) -> Any:
    """Return a column without what only a CSV file needs."""
    if isinstance(value, Inert):
        value = value.get_source_expressions()[0]
    return F(value) if isinstance(value, str) else value


def _head(book: Workbook, sheet: Worksheet, titles: list[str]) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    for place, title in enumerate(titles):
        sheet.set_column(place, place, max(NARROW, len(title) + 4))
        sheet.write_string(0, place, title, bold)
    sheet.freeze_panes(1, 0)


class _Cells:
    """Writes values by their type."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.amount = book.add_format({"num_format": "#,##0.00"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.writers: dict[type, Callable[[int, int, Any], Any]] = {
            str: self.text,
            int: self.number,
            bool: sheet.write_boolean,
            Decimal: lambda r, c, v: sheet.write_number(r, c, v, self.amount),
            date: self.on,
            datetime: self.when,
            type(None): lambda r, c, v: None,
        }

    def write(self, number: int, row: Sequence[Any]) -> None:
        for place, value in enumerate(row):
            self.writers.get(type(value), self.text)(number, place, value)

    def text(self, row: int, place: int, value: Any) -> None:
        self.sheet.write_string(row, place, str(value)[:LONGEST_TEXT])

    def number(self, row: int, place: int, value: int) -> None:
        if abs(value) < EXACT:
            self.sheet.write_number(row, place, value)
        else:
            self.text(row, place, value)

    def on(self, row: int, place: int, value: date) -> None:
        if value.year < FIRST_YEAR:
            self.text(row, place, value)
        else:
            self.sheet.write_datetime(row, place, value, self.day)

    def when(self, row: int, place: int, value: datetime) -> None:
        local = timezone.make_naive(value)
        self.sheet.write_datetime(row, place, local, self.moment)
