"""What a monitoring system reads, and who else does not."""

from datetime import timedelta

import pytest
from celery.signals import after_task_publish
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from inm_portal.kernel import health, journal, outbox, seals, tasks
from inm_portal.kernel.models import Letter
from inm_portal.kernel.reminders import heartbeat
from tests.factories.accounts import UserFactory, staff

TOKEN = "a-token-for-monitoring-that-nobody-guesses-0123456789"


@pytest.fixture
def watched(settings):
    settings.METRICS_TOKEN = TOKEN


def ask(token: str = TOKEN, client: Client | None = None):
    return (client or Client()).get(
        "/metrics", headers={"authorization": f"Bearer {token}"}
    )


def values(name: str, **labels: str) -> list[float]:
    """Return what a sample of that name and those labels says."""
    families = text_string_to_metric_families(ask().content.decode())
    return [
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]


def queue(slot: str, *, minutes: int) -> None:
    outbox.queue(
        Letter("Hello", "Hello"),
        kind="test/hello",
        to="dana@company.example",
        slot=slot,
        at=timezone.now() - timedelta(minutes=minutes),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", TOKEN])
def test_without_a_token_in_the_settings_there_is_no_such_page(token):
    assert ask(token).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "wrong", f"{TOKEN}x", TOKEN[:-1], "\xe9"])
def test_who_shows_another_token_reads_nothing(watched, token):
    answer = ask(token)

    assert (answer.status_code, answer.content) == (401, b"")


def test_no_role_replaces_the_token(watched, db, sign_in):
    assert ask("", sign_in(staff("admin"))).status_code == 401


def test_mails_are_counted_by_state_and_the_oldest_due_one_by_age(watched, db):
    for slot, minutes in [("old", 20), ("new", 1), ("planned", -60)]:
        queue(slot, minutes=minutes)

    assert values("portal_messages", state="queued") == [3]
    assert values("portal_messages", state="failed") == [0]
    assert values("portal_messages", state="sent") == []
    assert values("portal_oldest_due_message_seconds") == [
        pytest.approx(20 * 60, abs=30)
    ]


def test_where_nothing_waits_all_ages_are_zero(watched, db):
    assert values("portal_oldest_due_message_seconds") == [0]
    assert values("portal_journal_unsealed_seconds") == [0]


def test_the_heartbeat_is_told_by_its_age(watched, db):
    assert values("portal_worker_heartbeat_seconds") == [float("inf")]

    health.mark_heartbeat(at=timezone.now() - timedelta(minutes=2))

    assert values("portal_worker_heartbeat_seconds") == [pytest.approx(120, abs=30)]


def test_the_scheduler_is_told_from_the_worker(watched, db):
    assert values("portal_beat_heartbeat_seconds") == [float("inf")]

    after_task_publish.send(sender=tasks.heartbeat.name, body=None)

    assert values("portal_beat_heartbeat_seconds") == [pytest.approx(0, abs=30)]
    assert values("portal_worker_heartbeat_seconds") == [float("inf")]


def test_other_work_that_is_handed_out_is_not_the_scheduler(watched, db):
    after_task_publish.send(sender=tasks.send_outbox.name, body=None)

    assert values("portal_beat_heartbeat_seconds") == [float("inf")]


def test_a_sweep_is_told_by_its_age(watched, db):
    assert values("portal_reminder_sweep_seconds") == [float("inf")]

    heartbeat.note_sweep(at=timezone.now() - timedelta(minutes=20))

    assert values("portal_reminder_sweep_seconds") == [pytest.approx(1200, abs=30)]


def test_a_sealer_that_stopped_is_seen_by_the_oldest_unsealed_entry(watched, db):
    person, now = UserFactory(), timezone.now()
    journal.record("accounts.signed_in", person, by=person)
    seals.seal(at=now)
    assert values("portal_journal_unsealed_seconds") == [0]

    journal.record("accounts.signed_out", person, by=person)

    assert seals.lag(at=now + timedelta(hours=1)) == pytest.approx(3600, abs=30)


def test_connections_of_the_portal_are_counted(watched, db):
    assert values("portal_database_connections", state="active") >= [1]


def test_requests_are_timed_by_route_method_and_status(watched, db):
    """The address of an object, or of nothing, never becomes a name."""
    client = Client()

    def count(**labels: str) -> float:
        return sum(values("portal_request_seconds_count", **labels))

    before = count(route="consortium:member", method="GET", status="302")
    lost = count(route="none", status="404")
    client.get("/consortium/members/17/")
    client.get("/no-such-page/")

    assert count(route="consortium:member", method="GET", status="302") == before + 1
    assert count(route="none", status="404") == lost + 1
    said = ask().content.decode()
    assert "17" not in {part for line in said.splitlines() for part in line.split("/")}
    assert "no-such-page" not in said


def test_a_look_costs_a_few_statements_whatever_waits(
    watched, db, django_assert_max_num_queries
):
    for number in range(5):
        queue(str(number), minutes=number)

    with django_assert_max_num_queries(10):
        assert ask().status_code == 200
