"""Whether the portal can serve, and what around it is not well."""

from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from .reminders.heartbeat import is_late, last_sweep_at

HEARTBEAT = "worker-heartbeat"
HEARTBEAT_IS_LATE = timedelta(minutes=3)


def mark_heartbeat(*, at: datetime) -> None:
    """Note when the worker last did scheduled work."""
    cache.set(HEARTBEAT, at, timeout=None)


def report(*, at: datetime) -> dict[str, Any]:
    """
    Return each part as ``ok``, ``degraded`` or ``failed``.

    Only the database and migrations that wait can fail: without broker or
    worker every page still works.
    """
    database = _database()
    parts = {"database": database, "migrations": "failed", "worker": "degraded"}
    parts["reminders"] = "degraded"
    if database == "ok":
        parts["migrations"] = _migrations()
    if parts["migrations"] == "ok":
        parts["worker"] = _worker(at)
        parts["reminders"] = _reminders(at)
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


def _worker(at: datetime) -> str:
    last = cache.get(HEARTBEAT)
    return "ok" if last and at - last < HEARTBEAT_IS_LATE else "degraded"


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
