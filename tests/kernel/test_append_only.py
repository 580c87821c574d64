"""Rows of append-only models are written once, whoever tries."""

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction

from inm_portal.kernel.grants import append_only_tables
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.verbs import Verb

from ..entries import recorded
from ..factories.accounts import UserFactory


@pytest.fixture
def entry(db):
    person = UserFactory()
    return recorded(Verb.LIST_EXPORTED, person, by=person)


def test_the_orm_changes_no_row(entry):
    entry.verb = "another"

    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        entry.save()

    assert JournalEntry.objects.get().verb == Verb.LIST_EXPORTED


def test_the_orm_removes_no_row(entry):
    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        entry.delete()

    assert JournalEntry.objects.get() == entry


@pytest.mark.parametrize("table", sorted(append_only_tables()))
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "SELECT FROM {} FOR UPDATE",
        "MERGE INTO {} AS t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    ],
)
def test_the_portal_has_no_right_to_change_a_row(db, run, table, statement):
    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        run(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_journalentry SET verb = 'another'",
        "UPDATE kernel_journalentry SET id = id",
        "DELETE FROM kernel_journalentry",
    ],
)
def test_the_owner_is_refused_by_a_trigger(owner, statement):
    cursor = owner.cursor()
    cursor.execute(
        "INSERT INTO kernel_journalentry"
        " (verb, subject_type, subject_id, facts, request_id)"
        " VALUES ('kernel.list_exported', 'accounts.user', 1, '{}', '')"
    )

    with pytest.raises(psycopg2.Error, match="Cannot update or delete rows"):
        cursor.execute(statement)


@pytest.mark.parametrize("table", sorted(append_only_tables()))
def test_each_table_has_the_trigger_and_it_is_on(db, run, table):
    found = run(
        "SELECT tgenabled FROM pg_trigger"
        " WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_append_only_%%'",
        table,
    )

    assert found == [("O",)]


def test_further_rows_are_welcome(entry):
    other = recorded(Verb.LIST_EXPORTED, entry.actor, by=None)

    assert list(JournalEntry.objects.latest_first()) == [other, entry]
    assert connection.needs_rollback is False
