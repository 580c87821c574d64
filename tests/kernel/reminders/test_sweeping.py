"""MSG-02, MSG-04: run twice, doubled, late, killed, without a broker: each once."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from celery import current_app
from django.conf import settings
from django.db import OperationalError, connection, transaction

from consortium.models import Organization
from inm_portal.kernel import health, tasks
from inm_portal.kernel.models import Message, ReminderDelivery, ReminderSweep
from inm_portal.kernel.reminders import breaker, delivery, rules, sweeping
from inm_portal.kernel.reminders.heartbeat import is_late, last_sweep_at
from inm_portal.kernel.reminders.rules import Item

from ...factories.accounts import UserFactory
from .ladder import DUES, MONDAY, NOW, company, states, sweep

DUE = MONDAY - timedelta(days=3)


@pytest.fixture
def many():
    """The ladder of dues, of which as much as falls due may go out."""
    rules.forget(DUES)
    ladder = replace(DUES, most_per_hour=1000)
    rules.declare(ladder)
    yield ladder
    rules.forget(ladder)
    rules.declare(DUES)


def written() -> list[str]:
    return sorted(Message.objects.values_list("recipient", flat=True))


def write() -> bool:
    """Write what is due, as a sweep does once all is prepared."""
    return delivery.write_mails(["America/New_York"], at=NOW, on=MONDAY)


def on_its_own(act):
    """Run an act on a connection of its own."""
    try:
        return act()
    finally:
        connection.close()


def waits(act) -> bool:
    """Say whether an act of somebody else waits for what is not committed here."""

    def briefly():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        return act()

    with ThreadPoolExecutor(1) as pool:
        try:
            return pool.submit(on_its_own, briefly).result(timeout=30) is False
        except OperationalError:
            return True


def until_somebody_waits() -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _moment in range(300):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError("Nobody waits.")


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Each on a connection of its own."""

    def sweep_together(self, count: int = 4) -> None:
        barrier = Barrier(count)

        def work(_number: int) -> bool:
            try:
                barrier.wait(timeout=30)
                return sweeping.sweep(at=NOW)
            finally:
                connection.close()

        with ThreadPoolExecutor(count) as pool:
            assert all(pool.map(work, range(count)))

    def test_a_doubled_beat_plans_and_writes_everything_once(self, many):
        for number in range(20):
            company(f"Company{number}", DUE)

        self.sweep_together()

        assert len(written()) == len(set(written())) == 20
        assert ReminderDelivery.objects.filter(state="written").count() == 20

    def test_one_person_gets_one_mail_of_all(self, many):
        payer = UserFactory(email="ada@pay.example")
        for number in range(6):
            company(f"Company{number}", DUE, owner=payer)

        self.sweep_together()

        assert written() == ["ada@pay.example"]
        assert set(
            ReminderDelivery.objects.filter(rung="+3").values_list("state", flat=True)
        ) == {"written"}

    def test_nobody_writes_while_the_share_of_a_rule_is_counted(
        self, many, monkeypatch
    ):
        company("Flex", DUE)
        sweeping.prepare(many, at=NOW)
        waited = []

        def count(rule, ready, *, at):
            waited.append(waits(write))

        monkeypatch.setattr(breaker, "let_through", count)

        sweeping.prepare(many, at=NOW)

        assert waited == [True]
        assert written() == []

    def test_what_falls_due_while_a_mail_is_written_waits_for_the_next(self, many):
        payer = UserFactory(email="ada@pay.example")
        company("Flex", DUE, owner=payer)
        sweeping.prepare(many, at=NOW)

        def meanwhile() -> None:
            company("Amgen", DUE, owner=payer)
            sweeping.prepare(many, at=NOW)
            write()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                write()
                other = pool.submit(on_its_own, meanwhile)
                until_somebody_waits()
            other.result(timeout=30)

        amgen = Organization.objects.get(name="Amgen")
        assert states(subject_id=amgen.pk)["+3"] == "planned"
        assert "Amgen" not in Message.objects.get().text

    def test_the_breaker_lets_no_more_through_than_for_one(self):
        for number in range(20):
            company(f"Company{number}", DUE)

        self.sweep_together()

        assert len(written()) == DUES.most_per_hour


@pytest.mark.django_db
class TestLate:
    def test_after_a_day_without_a_sweep_nothing_is_left_out(self):
        company("Flex", DUE)
        company("Amgen", DUE + timedelta(days=1))
        sweep(-1)

        sweep(1)

        assert written() == ["amgen@pay.example", "flex@pay.example"]
        assert set(ReminderSweep.objects.values_list("on", flat=True)) == {
            MONDAY - timedelta(days=1),
            MONDAY + timedelta(days=1),
        }

    def test_the_alarm_is_due_after_ten_minutes(self):
        assert is_late(last_sweep_at(), at=NOW)
        sweep()

        assert not is_late(last_sweep_at(), at=NOW + timedelta(minutes=10))
        assert is_late(last_sweep_at(), at=NOW + timedelta(minutes=11))

    def test_monitors_are_told(self):
        assert health.report(at=NOW)["reminders"] == "degraded"
        sweep()
        assert health.report(at=NOW)["reminders"] == "ok"
        assert health.is_ready({"reminders": "degraded"})

    def test_a_rule_that_fails_holds_up_no_other_and_raises_the_alarm(self):
        def broken(_audience, *, on):
            raise ZeroDivisionError

        bad = replace(DUES, name="a.broken", candidates=broken)
        rules.declare(bad)
        company("Flex", DUE)
        try:
            done = sweeping.sweep(at=NOW)
        finally:
            rules.forget(bad)

        assert (done, written()) == (False, ["flex@pay.example"])
        assert last_sweep_at() is None

    def test_a_mail_that_cannot_be_written_holds_up_no_other(self, dues):
        def silent(_delivery, company):
            what = "" if company.name == "Amgen" else company.name
            return Item(what, "You pay.", MONDAY, "/")

        rules.forget(dues)
        rules.declare(replace(dues, describe=silent))
        company("Amgen", DUE)
        company("Flex", DUE)

        done = sweeping.sweep(at=NOW)

        assert (done, written()) == (False, ["flex@pay.example"])
        assert last_sweep_at() is None

    def test_it_needs_nothing_of_the_broker(self):
        usual = current_app.conf.broker_url
        current_app.conf.broker_url = "redis://127.0.0.1:1/0"
        company("Flex", DUE)
        try:
            sweep()
        finally:
            current_app.conf.broker_url = usual

        assert states()["+3"] == "written"

    def test_the_worker_sweeps(self):
        tasks.sweep_reminders()

        assert last_sweep_at() is not None


KILLED = """
import django
django.setup()
from tests.kernel.reminders import ladder
from inm_portal.kernel.reminders import sweeping, rules
from dataclasses import replace
rules.declare(replace(ladder.DUES, most_per_hour=1000))
print("sweeping", flush=True)
sweeping.sweep(at=ladder.NOW)
"""


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_is_killed_in_the_middle_is_finished_by_the_next(many):
    for number in range(60):
        company(f"Company{number}", DUE)

    for moment in (0.0, 0.1, 0.3, 0.6):
        kill_a_sweep(after=moment)
        attached = ReminderDelivery.objects.filter(state="written")
        assert attached.count() == len(written())
    sweeping.sweep(at=NOW)

    assert len(written()) == len(set(written())) == 60


def kill_a_sweep(*, after: float) -> None:
    place = connection.settings_dict
    url = f"postgresql://{place['USER']}@/{place['NAME']}?host={place['HOST']}"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED],
        env=os.environ | {"DATABASE_URL": url},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"sweeping\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
