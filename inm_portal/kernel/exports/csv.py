"""Lists as CSV, streamed out of PostgreSQL by COPY."""

import csv
import io
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.http import StreamingHttpResponse

CHUNK = 64 * 1024


def csv_response(
    name: str, queryset: QuerySet, columns: Mapping[str, Any]
) -> StreamingHttpResponse:
    """Answer with the rows of ``queryset`` as a file; first byte at once."""
    response = StreamingHttpResponse(
        stream_csv(queryset, columns), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Content-Encoding"] = "identity"  # COPY outruns compression
    return response


def stream_csv(queryset: QuerySet, columns: Mapping[str, Any]) -> Iterator[bytes]:
    """
    Yield the header, then the rows as PostgreSQL writes them.

    ``columns`` maps each header to a field or an expression; typed text goes
    through `text`. Memory does not grow with the rows.
    """
    yield _header(columns)
    named = {
        f"csv_{number}": F(value) if isinstance(value, str) else value
        for number, value in enumerate(columns.values())
    }
    rows = queryset.annotate(**named).values_list(*named)
    yield from _copy(rows)


def _header(columns: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(columns)
    return line.getvalue().encode()


def _copy(rows: QuerySet) -> Iterator[bytes]:
    """Yield what COPY writes into a pipe from a thread of its own."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return  # the filter says already that no row can match
    connection.ensure_connection()
    raw = connection.connection
    with raw.cursor() as cursor:
        statement = (
            f"COPY ({cursor.mogrify(sql, params).decode()}) TO STDOUT (FORMAT csv)"
        )
        yield from _read(_Writer(cursor, statement))


class _Writer(threading.Thread):
    """Runs one COPY; its end of the pipe closes when it is done or has failed."""

    def __init__(self, cursor: Any, statement: str) -> None:
        super().__init__(daemon=True)
        self.cursor, self.statement = cursor, statement
        self.reading, self.writing = os.pipe()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with os.fdopen(self.writing, "wb", buffering=CHUNK) as pipe:
                self.cursor.copy_expert(self.statement, pipe)
        except Exception as error:
            self.error = error


def _read(writer: _Writer) -> Iterator[bytes]:
    writer.start()
    finished = False
    try:
        while chunk := os.read(writer.reading, CHUNK):
            yield chunk
        finished = True
    finally:
        os.close(writer.reading)
        writer.join()
        if not finished:
            connection.close()  # a COPY that nobody reads leaves it unusable
    if writer.error:
        raise writer.error
