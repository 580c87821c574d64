"""Whether a load balancer may send requests here, and what is not well."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inm_portal.kernel import health, outbox
from inm_portal.kernel.models import Letter
from inm_portal.kernel.reminders.heartbeat import note_sweep

WELL = {
    **{"database": "ok", "migrations": "ok", "worker": "ok", "broker": "ok"},
    **{"outbox": "ok", "outbox_age": 0, "reminders": "ok"},
}


@pytest.fixture
def readyz(db):
    note_sweep(at=timezone.now())

    def asked() -> tuple[int, dict]:
        answer = Client().get("/readyz")
        return answer.status_code, answer.json()

    return asked


@pytest.fixture
def waiting_migration(owner):
    """Let a migration be unapplied, for as long as the test runs."""
    with owner.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id)"
            " FROM django_migrations WHERE app = 'consortium')"
            " RETURNING id, app, name, applied"
        )
        row = cursor.fetchone()
    owner.commit()
    yield
    with owner.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", row)
    owner.commit()


@pytest.fixture
def no_cache_table(transactional_db, owner):
    """Let the portal be older than its cache, for as long as the test runs."""
    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_cache RENAME TO cache_of_later")
    owner.commit()
    yield
    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE cache_of_later RENAME TO portal_cache")
    owner.commit()


def test_the_process_lives_without_asking_anybody():
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


def test_all_is_well(readyz):
    health.mark_heartbeat(at=timezone.now())

    assert readyz() == (200, WELL)


def test_without_a_worker_pages_are_served(readyz):
    assert readyz() == (200, WELL | {"worker": "degraded"})


def test_without_a_broker_pages_are_served(readyz, settings):
    from celery import current_app

    health.mark_heartbeat(at=timezone.now())
    usual = current_app.conf.broker_read_url
    current_app.conf.broker_read_url = "redis://127.0.0.1:1"
    try:
        assert readyz() == (200, WELL | {"broker": "degraded"})
    finally:
        current_app.conf.broker_read_url = usual


def test_with_a_migration_that_waits_no_page_is_served(readyz, waiting_migration):
    status, parts = readyz()

    assert (status, parts["database"], parts["migrations"]) == (503, "ok", "failed")


def test_before_the_first_migration_the_answer_is_as_plain(
    waiting_migration, no_cache_table, readyz
):
    status, parts = readyz()

    assert (status, parts["database"], parts["migrations"]) == (503, "ok", "failed")


@pytest.mark.parametrize(
    ("minutes", "word"), [(0, "ok"), (9, "ok"), (11, "degraded"), (-60, "ok")]
)
def test_a_mail_that_waits_too_long_is_told(readyz, minutes, word):
    now = timezone.now()
    health.mark_heartbeat(at=now)
    outbox.queue(
        Letter("Hello", "Hello"),
        kind="test/hello",
        to="dana@company.example",
        slot="1",
        at=now - timedelta(minutes=minutes),
    )

    status, parts = readyz()

    assert (status, parts["outbox"]) == (200, word)
    assert parts["outbox_age"] == pytest.approx(max(minutes, 0) * 60, abs=30)


def test_a_visitor_learns_words_one_number_and_nothing_else(readyz):
    _status, parts = readyz()

    assert isinstance(parts.pop("outbox_age"), int)
    assert set(parts.values()) <= {"ok", "degraded", "failed"}


def test_a_portal_that_is_not_migrated_tells_no_age(readyz, waiting_migration):
    _status, parts = readyz()

    assert (parts["outbox"], parts["outbox_age"]) == ("degraded", None)


@pytest.mark.parametrize(
    ("fault", "ready"),
    [
        ({}, True),
        ({"worker": "degraded", "broker": "degraded"}, True),
        ({"database": "failed"}, False),
        ({"migrations": "failed"}, False),
    ],
)
def test_only_what_failed_keeps_requests_away(fault, ready):
    assert health.is_ready(WELL | fault) is ready
