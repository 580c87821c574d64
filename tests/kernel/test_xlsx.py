"""Excel files: typed, inert (INJ-03), complete, and of a size that does not matter."""

from datetime import UTC, date, datetime
from decimal import Decimal
from tempfile import TemporaryFile

import pytest
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Value,
)
from django.db.models.functions import Repeat

from consortium.models import Organization
from inm_portal.kernel.exports import XLSX, TooManyRows, text, write_xlsx, xlsx_response
from inm_portal.kernel.exports import xlsx as excel

from ..factories.consortium import OrganizationFactory
from .test_exports import MIB, Numbers, resident
from .workbooks import SHEET, parts_of, rows_of

pytestmark = pytest.mark.django_db


def written(queryset, columns, **options) -> bytes:
    with TemporaryFile() as file:
        write_xlsx(file, queryset, columns, title="members", **options)
        file.seek(0)
        return file.read()


def cell(value, field=None):
    """Return what one value becomes."""
    OrganizationFactory()
    shown = Value(value, field) if field else Value(value)
    content = written(Organization.objects.all(), {"value": shown})
    header, *rows = rows_of(content)
    assert header == ["value"]
    return rows[0][0] if rows else None


@pytest.mark.parametrize(
    "typed",
    [
        *["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", '=cmd|" /C calc"!A0', "{=1}"],
        *["https://evil.example/", "mailto:a@x.example", "internal:Sheet1!A1", "007"],
        *[
            "Société Générale 製造 🏭",
            "two\nlines",
            "<b>&amp;",
            "1e5",
            "TRUE",
            "x\x07y",
        ],
    ],
)
def test_what_people_typed_is_text_and_nothing_else(typed):
    OrganizationFactory(name=typed)

    parts = parts_of(written(Organization.objects.all(), {"name": text("name")}))

    sheet = parts[SHEET]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert not [name for name in parts if "rels" in name and "worksheets" in name]


@pytest.mark.parametrize("typed", ["=1+1", "'quoted", "007", "Société 🏭", "a\nb"])
def test_text_stays_as_it_was_typed(typed):
    OrganizationFactory(name=typed)

    content = written(Organization.objects.all(), {"name": text("name")})

    assert rows_of(content) == [["name"], [typed]]


@pytest.mark.parametrize(
    ("value", "field", "shown"),
    [
        (Decimal("-500000.10"), DecimalField(), -500000.10),
        (date(2026, 11, 22), DateField(), "2026-11-22 00:00:00"),
        (date(1895, 3, 1), DateField(), "1895-03-01"),
        (
            datetime(2026, 11, 22, 17, 30, tzinfo=UTC),
            DateTimeField(),
            "2026-11-22 12:30:00",
        ),
        (True, None, True),
        (7, None, 7.0),
        (2**60, BigIntegerField(), str(2**60)),
        ("x" * 40_000, CharField(), "x" * 32_767),
        (None, CharField(), None),
    ],
    ids=str,
)
def test_each_value_has_its_type(value, field, shown):
    assert cell(value, field) == shown


def test_amounts_are_formatted_and_the_header_stays_in_sight():
    OrganizationFactory()
    amount = Value(Decimal("1.50"), DecimalField())

    parts = parts_of(written(Organization.objects.all(), {"amount": amount}))

    assert "#,##0.00" in parts["xl/styles.xml"]
    assert 'topLeftCell="A2"' in parts[SHEET]
    assert 'state="frozen"' in parts[SHEET]


def test_rows_keep_order_filter_and_limit():
    for name in "CABD":
        OrganizationFactory(name=name)

    found = Organization.objects.exclude(name="D").order_by("-name")[:2]

    assert rows_of(written(found, {"name": "name"})) == [["name"], ["C"], ["B"]]


def test_no_row_leaves_the_header():
    assert rows_of(written(Organization.objects.none(), {"id": "pk"})) == [["id"]]


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 2)
    for _number in range(3):
        OrganizationFactory()

    with pytest.raises(TooManyRows):
        written(Organization.objects.all(), {"id": "pk"})


def test_progress_is_told_on_the_way(monkeypatch):
    monkeypatch.setattr(excel, "CHUNK", 2)
    for _number in range(5):
        OrganizationFactory()
    told = []

    written(Organization.objects.all(), {"id": "pk"}, tell=told.append)

    assert told == [2, 4]


def test_the_answer_is_a_file_by_name_that_is_gone_once_sent():
    OrganizationFactory(name="Siemens")

    answer = xlsx_response("members", Organization.objects.all(), {"name": "name"})

    content = b"".join(answer)
    assert rows_of(content) == [["name"], ["Siemens"]]
    assert (answer["Content-Type"], answer["Content-Encoding"]) == (XLSX, "identity")
    assert answer["Content-Disposition"] == 'attachment; filename="members.xlsx"'
    answer.close()


def test_memory_does_not_grow_with_the_rows():
    OrganizationFactory()
    columns = {
        "number": Numbers(Value(1), Value(30_000)),
        "text": Repeat(Value("x"), 400, output_field=CharField()),
    }
    seen = []

    written(
        Organization.objects.all(), columns, tell=lambda done: seen.append(resident())
    )

    assert len(seen) == 30
    assert max(seen) - seen[0] < 8 * MIB
