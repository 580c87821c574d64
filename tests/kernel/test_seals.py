"""AUD-02: an entry that was changed, removed or slipped in is noticed."""

from contextlib import contextmanager
from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from inm_portal.kernel import seals
from inm_portal.kernel.models import JournalEntry, JournalSeal
from inm_portal.kernel.verbs import Verb
from tests.entries import recorded
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def write(number: int = 1) -> list[JournalEntry]:
    user = UserFactory()
    with transaction.atomic():
        return [
            recorded(Verb.LIST_EXPORTED, user, by=user, list=str(n))
            for n in range(number)
        ]


@contextmanager
def owner():
    """Act as somebody who owns the tables and takes the triggers off first."""
    address = settings.MIGRATE_DATABASE
    raw = psycopg2.connect(
        dbname=connection.settings_dict["NAME"],
        user=address["USER"],
        host=address.get("HOST") or address["OPTIONS"].get("host"),
    )
    raw.autocommit = True
    try:
        with raw.cursor() as cursor:
            cursor.execute("ALTER TABLE kernel_journalentry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE kernel_journalseal DISABLE TRIGGER USER")
            yield cursor
            cursor.execute("ALTER TABLE kernel_journalentry ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE kernel_journalseal ENABLE TRIGGER USER")
    finally:
        raw.close()


def faults() -> list[str]:
    return list(seals.faults(at=timezone.now()))


def test_what_nobody_touched_has_no_fault(capsys):
    write(3)
    seals.seal(at=timezone.now())
    write(2)

    call_command("verify_journal")

    assert capsys.readouterr().out == ""
    assert [len(one.entry_ids) for one in JournalSeal.objects.all()] == [3, 2]


def test_sealing_twice_seals_once():
    write(3)

    assert [seals.seal(at=timezone.now()) for _ in range(2)] == [3, 0]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kernel_journalentry SET facts = '{}' WHERE id = %(id)s",
        "UPDATE kernel_journalentry SET at = at - interval '1 s' WHERE id = %(id)s",
        "UPDATE kernel_journalentry SET actor_id = NULL WHERE id = %(id)s",
    ],
)
def test_a_changed_entry_is_noticed(change):
    entry = write(3)[1]
    seals.seal(at=timezone.now())

    with owner() as cursor:
        cursor.execute(change, {"id": entry.pk})

    assert faults() == ["Seal 1 does not fit its entries or the seal before it."]


def test_a_removed_entry_is_noticed():
    entry = write(3)[1]
    seals.seal(at=timezone.now())

    with owner() as cursor:
        cursor.execute("DELETE FROM kernel_journalentry WHERE id = %s", [entry.pk])

    assert faults() == ["Seal 1 covers entries that are gone."]


def test_a_removed_seal_is_noticed():
    for _ in range(3):
        write()
        seals.seal(at=timezone.now())

    with owner() as cursor:
        cursor.execute("DELETE FROM kernel_journalseal WHERE number = 2")

    assert faults() == [
        "Seal 3 stands where seal 2 should.",
        "Seal 3 does not fit its entries or the seal before it.",
    ]


def test_a_seal_made_to_fit_a_changed_entry_breaks_the_next():
    entry = write()[0]
    seals.seal(at=timezone.now())
    write()
    seals.seal(at=timezone.now())

    with owner() as cursor:
        cursor.execute("UPDATE kernel_journalentry SET facts = '{}'")
    rows = JournalEntry.objects.filter(pk=entry.pk).values_list(*seals.COLUMNS)
    forged = seals.digest_of("", rows)
    with owner() as cursor:
        cursor.execute(
            "UPDATE kernel_journalseal SET digest = %s WHERE number = 1", [forged]
        )

    assert faults() == ["Seal 2 does not fit its entries or the seal before it."]


def test_an_entry_slipped_in_among_old_ones_is_noticed():
    first, gone, last = write(3)
    with owner() as cursor:
        cursor.execute("DELETE FROM kernel_journalentry WHERE id = %s", [gone.pk])
    seals.seal(at=timezone.now() - timedelta(days=2))

    with owner() as cursor:
        cursor.execute(
            "INSERT INTO kernel_journalentry (id, verb, subject_type, subject_id,"
            " facts, request_id) VALUES (%s, 'x', 'y', 1, '{}', '')",
            [gone.pk],
        )

    assert first.pk < gone.pk < last.pk
    assert faults() == [f"Entries {gone.pk} stand among sealed ones without."]


def test_what_commits_late_is_sealed_later():
    with transaction.atomic():
        early = recorded(Verb.LIST_EXPORTED, UserFactory(), by=None)
        sealed_meanwhile = in_another_connection(write_and_seal)

    assert sealed_meanwhile == 1
    assert seals.seal(at=timezone.now()) == 1
    assert JournalSeal.objects.last().entry_ids == [early.pk]
    assert faults() == []


def write_and_seal() -> int:
    write()
    return seals.seal(at=timezone.now())


def in_another_connection(act):
    from concurrent.futures import ThreadPoolExecutor

    def run():
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_two_sealers_make_one_chain():
    from concurrent.futures import ThreadPoolExecutor

    write(40)

    def run(_):
        try:
            return seals.seal(at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(run, range(4)))

    assert sorted(counts) == [0, 0, 0, 40]
    assert faults() == []
