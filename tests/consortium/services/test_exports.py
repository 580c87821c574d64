"""Each entry goes to the general ledger once, and what finance says comes back."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from consortium import services
from consortium.models import (
    ExportBatch,
    ExportedEntry,
    LedgerEntry,
    LedgerLine,
    RecognisedAmount,
)
from consortium.services.exports import NothingToExport
from consortium.services.recognition import FileHasErrors, FileImported
from inm_portal.kernel import invariants
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory, staff
from tests.factories.consortium import OrganizationFactory
from tests.factories.credits import at
from tests.factories.ledger import recognize, refused
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db):
    return OrganizationFactory(name="Flex")


@pytest.fixture
def finance(db):
    return staff("finance")


def export(*, by, until=TODAY) -> ExportBatch:
    return services.export_entries(posted_until=until, at=at(TODAY), by=by)


def test_a_batch_is_a_file_that_is_kept_with_its_digest(member, finance):
    entry = recognize(member, reason="=1+1")

    batch = export(by=finance)

    written = f"{entry.pk},income_recognised,2026-03-20,2026-03-20"
    assert bytes(batch.content).decode().splitlines() == [
        "entry,kind,posting date,value date,account,member,debit,credit,"
        "currency,reverses,reason",
        f"{written},deferred_dues,Flex,275000.00,0.00,USD,,'=1+1",
        f"{written},dues_income,Flex,0.00,275000.00,USD,,'=1+1",
    ]
    assert list(invariants.broken()) == []


def test_an_entry_is_in_one_batch(member, finance):
    first = recognize(member)
    earlier = export(by=finance)
    second = recognize(member)

    later = export(by=finance)

    assert [x.entry for x in earlier.exported.all()] == [first]
    assert [x.entry for x in later.exported.all()] == [second]
    with pytest.raises(NothingToExport):
        export(by=finance)
    with refused("unique"):
        ExportedEntry.objects.create(batch=later, entry=first)


def test_what_is_posted_after_the_day_waits_for_the_next_batch(member, finance):
    recognize(member, value_on=TODAY)

    with pytest.raises(NothingToExport):
        export(by=finance, until=date(2026, 10, 31))


def test_a_file_fits_its_digest(finance):
    with refused("export_batch_fits_its_digest"):
        ExportBatch.objects.create(
            **{"posted_until": TODAY, "content": b"x", "sha256": "0" * 64},
            **{"made_by": finance, "made_at": at(TODAY)},
        )


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_export_one_entry_twice():
    recognize(OrganizationFactory())
    people = [UserFactory(), UserFactory()]

    outcomes = at_once(*[partial(export, by=one) for one in people])

    assert refusals(outcomes) == [NothingToExport]
    assert ExportedEntry.objects.count() == 1


HEADER = "member,month,amount,currency\n"


def told(content, *, by, name="october.csv"):
    return services.import_recognition(
        content.encode(), name=name, today=TODAY, at=at(TODAY), by=by
    )


def test_what_finance_recognized_is_posted_as_it_said(member, finance):
    rows = "Flex,2026-09,22916.67,USD\nFlex,2026-10,-100.00,USD\n"

    source = told(HEADER + rows, by=finance)

    found = RecognisedAmount.objects.values_list("month", "amount", "source")
    assert list(found) == [
        (date(2026, 9, 1), Decimal("22916.67"), source.pk),
        (date(2026, 10, 1), -100, source.pk),
    ]
    income = LedgerLine.objects.filter(account="dues_income")
    assert [str(one.credit - one.debit) for one in income] == ["22916.67", "-100.00"]
    days = LedgerEntry.objects.values_list("value_on", flat=True)
    assert list(days) == [date(2026, 9, 30), date(2026, 10, 31)]
    assert list(invariants.broken()) == []


def test_a_dry_run_tells_each_row_that_is_wrong_and_changes_nothing(member):
    content = HEADER + (
        "Flex,2026-09,1.00,USD\nFlex,2026-09,2.00,USD\nNobody,2026-09,1.00,USD\n"
        "Flex,September,1.00,USD\nFlex,2026-10,1.005,USD\nFlex,2026-10,0,USD\n"
        "Flex,2026-10,NaN,USD\nFlex,2026-10,1.00,EUR\nFlex,2026-11\n"
    )

    found = services.try_recognition(content.encode(), today=TODAY)

    assert [row.amount for row in found.rows] == [1]
    assert [number for number, _words in found.errors] == [*range(3, 11)]
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", HEADER, "\xff"])
def test_a_file_that_is_none_of_these_is_refused(finance, content):
    with pytest.raises(FileHasErrors):
        told(content, by=finance)


def test_a_file_with_one_wrong_row_brings_nothing(member, finance):
    with pytest.raises(FileHasErrors, match="Row 3"):
        told(HEADER + "Flex,2026-09,1.00,USD\nFlex,2026-10,1,EUR\n", by=finance)

    assert not RecognisedAmount.objects.exists()


def test_a_file_is_imported_once(member, finance):
    content = HEADER + "Flex,2026-09,1.00,USD\n"
    told(content, by=finance)

    with pytest.raises(FileImported):
        told(content, by=finance, name="again.csv")
