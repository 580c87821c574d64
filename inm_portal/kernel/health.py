"""Whether the portal can serve, and what around it is not well."""

from datetime import datetime, timedelta
from math import inf
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min

from .models import Message
from .reminders.heartbeat import is_late, last_sweep_at

HEARTBEAT, BEAT = "worker-heartbeat", "beat-heartbeat"
HEARTBEAT_IS_LATE = timedelta(minutes=3)

#: A due message that waits longer has no worker, no server, or somebody's hold.
MESSAGE_IS_LATE = timedelta(minutes=10)


def mark_heartbeat(*, at: datetime) -> None:
    """Note when the worker last did scheduled work."""
    cache.set(HEARTBEAT, at, timeout=None)


def mark_beat(*, at: datetime) -> None:
    """Note when the scheduler last handed the broker what is due."""
    cache.set(BEAT, at, timeout=None)


def report(*, at: datetime) -> dict[str, Any]:
    """
    Return each part as ``ok``, ``degraded`` or ``failed``.

    Only the database and migrations that wait can fail: without broker or
    worker every page still works. ``outbox_age`` is in seconds.
    """
    parts: dict[str, Any] = {"database": _database(), "migrations": "failed"}
    if parts["database"] == "ok":
        parts["migrations"] = _migrations()
    parts |= {"worker": "degraded", "reminders": "degraded"}
    parts |= {"outbox": "degraded", "outbox_age": None}
    if parts["migrations"] == "ok":
        parts |= _work(at)
    return parts | {"broker": _broker()}


def is_ready(parts: dict[str, Any]) -> bool:
    """Say whether a load balancer may send requests here."""
    return "failed" not in parts.values()


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "failed"
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "failed" if waiting else "ok"


def _work(at: datetime) -> dict[str, Any]:
    age = outbox_age(at=at)
    return {
        "worker": _in_time(heartbeat_age(at=at), HEARTBEAT_IS_LATE),
        "reminders": _reminders(at),
        "outbox": _in_time(age, MESSAGE_IS_LATE),
        "outbox_age": round(age),
    }


def _in_time(age: float, limit: timedelta) -> str:
    return "ok" if age < limit.total_seconds() else "degraded"


def heartbeat_age(*, at: datetime) -> float:
    """Return the seconds since the worker did scheduled work; endless if never."""
    return _age(cache.get(HEARTBEAT), at)


def beat_age(*, at: datetime) -> float:
    """Return the seconds since the scheduler handed out work; endless if never."""
    return _age(cache.get(BEAT), at)


def sweep_age(*, at: datetime) -> float:
    """Return the seconds since a sweep for reminders was completed; endless if none."""
    return _age(last_sweep_at(), at)


def _age(last: datetime | None, at: datetime) -> float:
    return (at - last).total_seconds() if last else inf


def outbox_age(*, at: datetime) -> float:
    """Return the seconds for which the oldest due message has waited."""
    first = Message.objects.due(at=at).aggregate(first=Min("not_before"))["first"]
    return (at - first).total_seconds() if first else 0


def _reminders(at: datetime) -> str:
    """Tell whether a sweep looked for reminders lately."""
    return "degraded" if is_late(last_sweep_at(), at=at) else "ok"


def _broker() -> str:
    try:
        with current_app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:
        return "degraded"
    return "ok"
