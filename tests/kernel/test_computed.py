"""What is computed of each row and joined to it."""

import pytest
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce

from consortium.models import CommitmentYear, Evidence
from inm_portal.kernel.computed import without_unread

from ..factories.consortium import TODAY, OrganizationFactory, draft, sign
from ..factories.credits import claim, year_of


@pytest.fixture
def years(db):
    sign(draft(OrganizationFactory()))
    return CommitmentYear.objects.with_position(on=TODAY)


def joins(rows) -> bool:
    return "position" in str(rows.values("pk").query)


def test_what_nobody_reads_is_left_out(years):
    assert joins(years)
    assert not joins(without_unread(years))
    assert not joins(without_unread(years.filter(number=1).order_by("starts_on")))


@pytest.mark.parametrize(
    "read",
    [
        lambda years: years.filter(status="open"),
        lambda years: years.exclude(short=0),
        lambda years: years.filter(short__gt=F("pending")),
        lambda years: years.order_by("-short"),
        lambda years: years.order_by(Coalesce("number", "short").desc()),
        lambda years: years.order_by(
            Case(When(status__in=["open"], then=0), default=1)
        ),
        lambda years: years.annotate(
            is_short=Case(When(short__gt=0, then=True), default=False)
        ).order_by("is_short"),
    ],
    ids=[
        *["filter", "exclude", "in an expression", "order", "order by an expression"],
        *["order by a condition", "order by what is built upon it"],
    ],
)
def test_what_filter_or_order_reads_stays(years, read):
    rows = read(years)

    bare = without_unread(rows)

    assert joins(bare)
    assert list(bare.values_list("pk", flat=True)) == [row.pk for row in rows]


def test_the_rows_that_it_is_left_out_of_keep_it(years):
    without_unread(years)

    assert [y.status for y in years.order_by("number")] == ["short", "open", "upcoming"]


def test_no_more_of_it_is_read_than_was_named(years):
    rows = CommitmentYear.objects.with_position("status", "short", on=TODAY)

    year = rows.order_by("-short", "number").first()

    assert (year.status, year.short) == (years.get(pk=year.pk).status, year.required)
    assert not hasattr(year, "credited")


def test_each_row_has_what_is_computed_of_it(db):
    credit = claim(year_of(sign(draft(OrganizationFactory()))), 1_000)
    other = claim(year_of(sign(draft(OrganizationFactory()))), 70)

    used = Evidence.objects.with_used().in_bulk()

    assert used[credit.evidence_id].used == 1_000
    assert used[other.evidence_id].used == 70
