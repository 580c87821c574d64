"""What the worker does for the portal itself."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.utils import timezone

from inm_portal.kernel import health, tasks
from inm_portal.kernel.models import Session

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_the_heartbeat_is_seen_by_the_health_report(db):
    with time_machine.travel(NOW, tick=False):
        tasks.heartbeat()

    assert worker_at(NOW + timedelta(minutes=2)) == "ok"
    assert worker_at(NOW + timedelta(minutes=3)) == "degraded"


def worker_at(when: datetime) -> str:
    return health.report(at=when)["worker"]


def test_sessions_that_ran_out_are_removed_and_no_others(db):
    moments = {"past": -1, "future": 1}
    for key, hours in moments.items():
        now = timezone.now()
        Session.objects.create(
            session_key=key,
            handle=key,
            began_at=now,
            seen_at=now,
            expire_date=now + timedelta(hours=hours),
        )

    tasks.clear_sessions()

    assert set(Session.objects.values_list("pk", flat=True)) == {"future"}


def test_the_schedule_names_tasks_that_exist():
    from inm_portal.celery import app

    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert scheduled <= set(app.tasks)
    assert scheduled >= {tasks.heartbeat.name, tasks.clear_sessions.name}
