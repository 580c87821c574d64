"""CSV out of PostgreSQL: inert, complete, and of a size that does not matter."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, transaction
from django.db.models import CharField, DecimalField, Func, IntegerField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Repeat

from consortium.models import Organization
from inm_portal.kernel.exports import csv_response, stream_csv, text

from ..factories.consortium import OrganizationFactory

MANY = 200_000
MIB = 1024 * 1024


class Numbers(Func):
    """A row for each number: as many rows as a test likes, out of one."""

    function = "generate_series"
    output_field = IntegerField()
    set_returning = True


def table_of(chunks) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(chunks).decode())))


def exported(value: str) -> str:
    """Return what a spreadsheet gets for a name that somebody typed."""
    OrganizationFactory(name=value)
    rows = table_of(stream_csv(Organization.objects.all(), {"name": text("name")}))
    assert rows[0] == ["name"]
    return rows[1][0]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_typed_text_is_never_a_formula(db, sign):
    formula = f"{sign}HYPERLINK(1)"

    assert exported(formula) == f"'{formula}"


@pytest.mark.parametrize(
    "typed",
    [
        "Siemens",
        'The "Works", Inc.',
        "two\nlines",
        "two\r\nlines",
        "Société Générale 製造 🏭",
        "A=B",
        "'=1",
        " ",
        "50% of {all} \\N \\.",
    ],
)
def test_other_text_stays_as_it_was_typed(db, typed):
    assert exported(typed) == typed


def test_amounts_dates_and_nothing_are_written_plainly(db):
    OrganizationFactory()
    rows = stream_csv(
        Organization.objects.all(),
        {
            "amount": Value(Decimal("-500000.10"), DecimalField()),
            "on": Value(date(2026, 11, 22)),
            "nothing": Value(None, CharField()),
            "typed nothing": Value("", CharField()),
            "yes": Value(value=True),
        },
    )

    assert b"".join(rows) == (
        b'amount,on,nothing,typed nothing,yes\n-500000.10,2026-11-22,,"",t\n'
    )


def test_no_text_is_no_formula_either(db):
    OrganizationFactory(owner=None)

    rows = stream_csv(Organization.objects.all(), {"owner": text("owner__name")})

    assert b"".join(rows) == b"owner\n\n"


def test_a_heading_is_quoted_where_it_must_be(db):
    rows = stream_csv(Organization.objects.none(), {'of "it", fee': "name"})

    assert next(rows) == b'"of ""it"", fee"\n'


def test_the_heading_comes_before_the_database_is_asked(db, django_assert_num_queries):
    OrganizationFactory()

    with django_assert_num_queries(0):
        first = next(stream_csv(Organization.objects.all(), {"id": "pk"}))

    assert first == b"id\n"


def test_rows_keep_order_filter_and_limit(db):
    rows = [OrganizationFactory(name=name) for name in "CABD"]

    found = Organization.objects.exclude(name="D").order_by("-name")[:2]

    assert table_of(stream_csv(found, {"id": "pk", "name": "name"})) == [
        ["id", "name"],
        [str(rows[0].pk), "C"],
        [str(rows[2].pk), "B"],
    ]


def test_a_percent_sign_in_a_filter_is_text(db):
    OrganizationFactory(name="100% Steel")
    OrganizationFactory(name="100 Steel")

    found = Organization.objects.filter(name__contains="0% S")

    assert table_of(stream_csv(found, {"name": "name"})) == [["name"], ["100% Steel"]]


@pytest.mark.parametrize(
    "nothing",
    [Organization.objects.none(), Organization.objects.filter(pk=10**30)],
    ids=["none", "beyond"],
)
def test_no_row_can_match_and_none_comes(db, nothing):
    assert b"".join(stream_csv(nothing, {"id": "pk"})) == b"id\n"


def test_the_answer_is_a_file_by_name(db):
    answer = csv_response("members", Organization.objects.all(), {"id": "pk"})

    assert dict(answer.headers) == {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="members.csv"',
        "Content-Encoding": "identity",
    }
    assert b"".join(answer) == b"id\n"


def test_memory_does_not_grow_with_the_rows(db):
    OrganizationFactory()
    rows = stream_csv(
        Organization.objects.all(),
        {
            "number": Numbers(Value(1), Value(MANY)),
            "text": Repeat(Value("x"), 200, output_field=CharField()),
        },
    )
    next(rows)
    first = len(next(rows))
    before = highest = resident()

    size = first
    for chunk in rows:
        size += len(chunk)
        highest = max(highest, resident())

    assert size > MANY * 200
    assert highest - before < 8 * MIB


def resident() -> int:
    """Return the bytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def test_an_error_of_the_database_reaches_the_reader(db):
    OrganizationFactory()
    columns = {"broken": RawSQL("1 / (%s - 1)", [1])}

    with pytest.raises(psycopg2.errors.DivisionByZero), transaction.atomic():
        list(stream_csv(Organization.objects.all(), columns))

    assert Organization.objects.count() == 1


def test_an_error_in_a_late_row_comes_after_the_early_ones(db):
    OrganizationFactory()
    columns = {"broken": RawSQL("1 / generate_series(-20000, 0)", [])}
    late = stream_csv(Organization.objects.all(), columns)

    with pytest.raises(psycopg2.errors.DivisionByZero), transaction.atomic():
        assert next(late) == b"broken\n"
        assert next(late).startswith(b"0\n0\n")
        list(late)


def test_who_stops_reading_leaves_a_connection_that_works(transactional_db):
    OrganizationFactory()
    rows = stream_csv(
        Organization.objects.all(),
        {
            "number": Numbers(Value(1), Value(MANY)),
            "text": Repeat(Value("x"), 200, output_field=CharField()),
        },
    )
    next(rows)
    next(rows)

    rows.close()

    assert Organization.objects.count() == 1
    assert connection.is_usable()


def test_who_never_reads_leaves_a_connection_that_works(db):
    stream_csv(Organization.objects.all(), {"id": "pk"}).close()

    assert Organization.objects.count() == 0
