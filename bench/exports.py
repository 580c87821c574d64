"""What a file of a million rows costs beside COPY of the same query."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import F

from inm_portal.kernel.exports import stream_csv

from . import people, processes
from .figures import Figure, Probe
from .models import Item
from .views import EXPORT_COLUMNS
from .web import Visitor

PATH = "/reference/export/"
TIMES = 3
CHUNK = 64 * 1024
LIMIT = 1.25
#: The first byte comes in this part of the time of the whole file.
AT_ONCE = 0.05
MORE_MEMORY = 16.0


class Nowhere:
    """A file that takes everything and keeps nothing."""

    def write(self, _: bytes) -> None:
        """Forget it."""


def probes() -> Iterator[Probe]:
    yield Probe("CSV of 1,000,000 rows", csv)


def csv(bench: Any) -> Iterator[Figure]:
    visitor = Visitor(bench.web.port, people.cookie_of(people.STAFF))
    visitor.page("/reference/")
    before = processes.resident(bench.web.worker)
    processes.forget_peak(bench.web.worker)
    copied, streamed, loaded, first = [], [], [], []
    for _ in range(TIMES):
        copied.append(duration(copy))
        streamed.append(duration(stream))
        began = time.perf_counter()
        first.append(download(visitor) - began)
        loaded.append(time.perf_counter() - began)
    grown = processes.peak(bench.web.worker) - before
    connection.close()
    yield beside("CSV of 1,000,000 rows, streamed", min(streamed), min(copied), LIMIT)
    yield beside("CSV of 1,000,000 rows, by HTTP", min(loaded), min(copied), LIMIT)
    yield beside("CSV, first byte", max(first), min(loaded), AT_ONCE)
    text = f"+{grown:.1f} MiB"
    yield Figure("CSV, memory of the worker", text, "", grown, MORE_MEMORY)


def beside(what: str, measured: float, yardstick: float, limit: float) -> Figure:
    ratio = measured / yardstick
    return Figure(what, f"{measured:.3f} s", f"{yardstick:.3f} s", ratio, limit)


def duration(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def copy() -> None:
    """Run COPY of the query of the export, and drop what it gives."""
    named = {
        f"csv_{number}": F(value) if isinstance(value, str) else value
        for number, value in enumerate(EXPORT_COLUMNS.values())
    }
    rows = Item.objects.order_by("pk").annotate(**named).values_list(*named)
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        query = cursor.cursor.mogrify(sql, params).decode()
        statement = f"COPY ({query}) TO STDOUT (FORMAT csv)"
        cursor.cursor.copy_expert(statement, Nowhere(), CHUNK)


def stream() -> None:
    for _ in stream_csv(Item.objects.order_by("pk"), EXPORT_COLUMNS):
        pass


def download(visitor: Visitor) -> float:
    """Load the file, keep nothing; return the moment of the first byte."""
    response = visitor.ask(PATH)
    if response.status != 200:
        raise LookupError(f"{PATH} answered {response.status}")
    response.read(1)
    first = time.perf_counter()
    while response.read(CHUNK):
        pass
    return first
