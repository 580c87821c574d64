"""What a monitoring system reads: requests as counted, work as it waits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Count, Model
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from inm_portal.kernel import health, invariants, seals
from inm_portal.kernel.metrics import counted_requests
from inm_portal.kernel.models import Job, JobState, Message, MessageState

#: What is over and well is not counted: there is ever more of it.
UNSENT = [
    *[MessageState.QUEUED, MessageState.HELD, MessageState.CLAIMED],
    *[MessageState.ON_WIRE, MessageState.UNCLEAR, MessageState.FAILED],
]
UNDONE = [JobState.QUEUED, JobState.RUNNING, JobState.PARKED]

CONNECTIONS = """
SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user GROUP BY 1
"""


def page(*, at: datetime) -> bytes:
    """Return everything that is measured, as Prometheus reads it."""
    registry = counted_requests()
    registry.register(Work(at))
    return generate_latest(registry)


class Work(Collector):
    """What waits at a moment, read from the database when somebody asks."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def describe(self) -> list[Metric]:
        return []  # else a registry would collect once to learn the names

    def collect(self) -> Iterator[Metric]:
        yield by_state("portal_messages", "Mails not sent.", counted(Message, UNSENT))
        yield by_state("portal_jobs", "Long work not done.", counted(Job, UNDONE))
        yield by_state(
            "portal_database_connections", "Connections of the portal.", connections()
        )
        yield seconds(
            "portal_oldest_due_message_seconds",
            "How long the oldest due mail has waited.",
            health.outbox_age(at=self.at),
        )
        yield seconds(
            "portal_worker_heartbeat_seconds",
            "How long ago the worker did scheduled work.",
            health.heartbeat_age(at=self.at),
        )
        yield seconds(
            "portal_beat_heartbeat_seconds",
            "How long ago the scheduler handed out work.",
            health.beat_age(at=self.at),
        )
        yield seconds(
            "portal_reminder_sweep_seconds",
            "How long ago a sweep for reminders was completed.",
            health.sweep_age(at=self.at),
        )
        yield seconds(
            "portal_journal_unsealed_seconds",
            "Age of the oldest journal entry without a seal.",
            seals.lag(at=self.at),
        )
        yield GaugeMetricFamily(
            "portal_invariants_broken",
            "Invariants that did not hold when they were checked last.",
            value=invariants.broken_at_last(),
        )


def counted(model: type[Model], states: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield how many rows are in each of some states, those without any included."""
    rows = model._default_manager.filter(state__in=states).order_by()
    counts = dict(rows.values_list("state").annotate(count=Count("pk")))
    for state in states:
        yield str(state), counts.get(state, 0)


def connections() -> Iterable[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS)
        return cursor.fetchall()


def by_state(name: str, words: str, counts: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=["state"])
    for state, count in counts:
        family.add_metric([state], count)
    return family


def seconds(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
