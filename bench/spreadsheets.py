"""What an Excel file of 200,000 rows costs beside XlsxWriter's own way."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import connection
from django.db.models import F
from xlsxwriter import Workbook

from inm_portal.embedded import CHECKOUT
from inm_portal.kernel.exports import write_xlsx

from .exports import beside
from .figures import Figure, Probe
from .models import Item
from .stand import FULL
from .views import EXPORT_COLUMNS

ROWS = 200_000
LIMIT = 1.25
MORE_MEMORY = 32.0

#: Run alone, so that its memory is that of the file and of nothing else.
ALONE = """
import json, resource
import django
django.setup()
from bench import spreadsheets

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

spreadsheets.write(1_000)
before = peak()
spreadsheets.write(spreadsheets.ROWS)
print(json.dumps(peak() - before))
"""


def probes() -> Iterator[Probe]:
    yield Probe(f"XLSX of {ROWS:,} rows", xlsx)


def xlsx(_: Any) -> Iterator[Figure]:
    plain, ours = duration(write_plainly), duration(write)
    connection.close()
    yield beside(f"XLSX of {ROWS:,} rows", ours, plain, LIMIT)
    grown = memory()
    yield Figure("XLSX, memory", f"+{grown:.1f} MiB", "", grown, MORE_MEMORY)


def duration(act: Callable[[int], None]) -> float:
    """Return the processor time of writing all rows: waiting costs nothing."""
    began = time.process_time()
    act(ROWS)
    return time.process_time() - began


def rows(count: int) -> Any:
    return Item.objects.order_by("pk")[:count]


def write(count: int) -> None:
    """Write the file as the portal does."""
    with TemporaryFile() as file:
        write_xlsx(file, rows(count), EXPORT_COLUMNS, title="items")


def write_plainly(count: int) -> None:
    """Write the same values with XlsxWriter alone, in constant memory."""
    named = {
        f"xlsx_{number}": F(value) if isinstance(value, str) else value
        for number, value in enumerate(EXPORT_COLUMNS.values())
    }
    values = rows(count).annotate(**named).values_list(*named).iterator()
    with TemporaryFile() as file:
        _write(file, values)


def _write(file: IO[bytes], values: Any) -> None:
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(values):
            sheet.write_row(number, 0, row)


def memory() -> float:
    """Return how far the file lets a process of its own grow, in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        env=FULL.environment,
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout)
