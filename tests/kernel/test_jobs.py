"""MSG-07: long work is asked once, done once, and parked when it is no use."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.conf import settings
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from inm_portal.kernel import context, jobs
from inm_portal.kernel.errors import IllegalTransition, Refusal
from inm_portal.kernel.jobs import NoLongerOurs, NotParked, PutOff
from inm_portal.kernel.models import Job, JobState, JournalEntry
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory

NOW = timezone.now()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def handle(monkeypatch):
    """Let a function do the jobs of the tests."""
    monkeypatch.setattr(jobs, "TELL_EVERY", timedelta())

    def handled_by(function) -> None:
        monkeypatch.setitem(jobs._handlers, "test", function)

    return handled_by


def ask(title: str = "Test", *, by=None, at=NOW, kind: str = "test", **args) -> Job:
    with transaction.atomic():
        return jobs.ask(kind, title=title, by=by, at=at, **args)


def run_at(at) -> bool:
    """Run the first job that is due then, if there is one."""
    job = jobs.claim(at=at)
    if job is not None:
        jobs.run(job)
    return job is not None


def present(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def verbs_about(job: Job) -> list[str]:
    return [entry.verb for entry in JournalEntry.objects.about(job).order_by("pk")]


def nothing(job, progress) -> None:
    """Work that is done at once."""


PROPOSAL = "Ada Lovelace wrote this"


def broken(job, progress) -> None:
    raise ZeroDivisionError(PROPOSAL)


@pytest.mark.django_db
class TestOneWorker:
    def test_a_job_is_done_once(self, handle):
        done = []
        handle(lambda job, progress: done.append(job.args))
        job = ask(by=UserFactory(), agreement=7)

        counts = [jobs.run_due(), jobs.run_due()]

        assert (counts, done) == ([1, 0], [{"agreement": 7}])
        job = present(job)
        assert (job.state, job.attempts, job.lease) == (JobState.DONE, 1, None)
        assert verbs_about(job) == [Verb.JOB_ASKED, Verb.JOB_DONE]

    def test_what_it_was_asked_with_is_forgotten_once_it_is_over(self, handle):
        handle(nothing)
        job = ask(query="search=Lucia")

        jobs.run_due()

        assert present(job).args == {}

    def test_a_job_of_a_change_that_was_rolled_back_is_not_there(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            jobs.ask("test", title="Test", by=None, at=NOW)
            raise ZeroDivisionError

        assert not Job.objects.exists()

    def test_a_job_runs_under_the_id_of_the_request_that_asked(self, handle):
        seen = []
        handle(lambda job, progress: seen.append(context.request_id.get()))
        token = context.request_id.set("asked-here")
        ask()
        context.request_id.reset(token)

        jobs.run_due()

        assert (seen, context.request_id.get()) == (["asked-here"], "")

    def test_progress_is_seen_by_others_and_renews_the_lease(self, handle):
        seen = []

        def work(job, progress) -> None:
            Job.objects.update(heard_at=NOW - MINUTE)
            progress(3, of=10, words="Writing rows")
            job = present(job)
            seen.append((job.done, job.total, job.words, job.heard_at > NOW - MINUTE))

        handle(work)
        ask()

        jobs.run_due()

        assert seen == [(3, 10, "Writing rows", True)]

    def test_progress_is_written_no_more_often_than_every_second(
        self, handle, monkeypatch, django_assert_num_queries
    ):
        monkeypatch.setattr(jobs, "TELL_EVERY", timedelta(seconds=60))
        ask()
        progress = jobs.Progress(jobs.claim(at=NOW))

        with django_assert_num_queries(1):
            for done in range(1000):
                progress(done, of=1000)

    def test_work_that_fails_waits_longer_each_time_and_is_parked_after_five(
        self, handle
    ):
        handle(broken)
        job, at, waits = ask(), NOW, []

        for _attempt in range(5):
            assert run_at(at)
            job = present(job)
            waits.append(round((job.not_before - timezone.now()) / MINUTE))
            at = job.not_before

        assert waits == [1, 2, 4, 8, 16]
        assert (job.state, job.attempts) == (JobState.PARKED, 5)
        assert not run_at(at + timedelta(days=9))
        assert verbs_about(job) == [Verb.JOB_PARKED]

    def test_of_an_error_its_class_is_kept_and_nothing_it_says(self, handle, caplog):
        handle(broken)
        job = ask()

        jobs.run_due()

        assert present(job).error == "ZeroDivisionError"
        assert "ZeroDivisionError" in caplog.text
        assert "in broken" in caplog.text
        assert PROPOSAL not in caplog.text

    def test_a_refusal_of_the_rules_is_final(self, handle):
        def refused(job, progress) -> None:
            raise Refusal("Not like this.")

        handle(refused)
        job = ask()

        jobs.run_due()

        assert present(job).state == JobState.PARKED

    def test_a_kind_that_nobody_handles_fails_like_any_other_work(self):
        job = ask(kind="nobody.knows")

        jobs.run_due()

        assert (present(job).state, present(job).error) == (JobState.QUEUED, "KeyError")

    def test_one_that_always_fails_holds_up_nobody(self, handle):
        handle(lambda job, progress: job.args.get("bad") and broken(job, progress))
        bad, good = ask(bad=True), ask()

        assert jobs.run_due() == 2

        assert [present(bad).state, present(good).state] == ["queued", "done"]

    def test_work_for_which_something_is_away_is_put_off_and_never_parked(self, handle):
        def away(job, progress) -> None:
            raise PutOff("Waits for the scanner")

        handle(away)
        job, at = ask(), NOW
        for _attempt in range(9):
            assert run_at(at)
            at = present(job).not_before

        job = present(job)
        assert (job.state, job.attempts, job.words) == (
            JobState.QUEUED,
            0,
            "Waits for the scanner",
        )

    def test_a_parked_job_is_tried_again_as_if_it_were_new(self, handle):
        def refused(job, progress) -> None:
            raise Refusal("Not like this.")

        handle(refused)
        job, staff = ask(), UserFactory()
        jobs.run_due()
        handle(nothing)

        jobs.retry(job, at=NOW, by=staff)
        jobs.run_due()

        assert present(job).state == JobState.DONE
        assert verbs_about(job) == [Verb.JOB_PARKED, Verb.JOB_RETRIED]

    def test_only_a_parked_job_is_tried_again(self):
        with pytest.raises(NotParked):
            jobs.retry(ask(), at=NOW, by=UserFactory())

    def test_a_cancelled_job_is_not_run(self, handle):
        handle(broken)
        job = ask(query="x")

        jobs.cancel(job, at=NOW, by=UserFactory())

        assert jobs.run_due() == 0
        job = present(job)
        assert (job.state, job.ended_at, job.args) == (JobState.CANCELLED, NOW, {})
        assert verbs_about(job) == [Verb.JOB_CANCELLED]

    def test_work_stops_at_its_next_word_once_it_is_cancelled(self, handle):
        steps = []

        def work(job, progress) -> None:
            for step in range(3):
                progress(step, of=3)
                steps.append(step)
                jobs.cancel(job, at=NOW, by=UserFactory())

        handle(work)
        job = ask()

        jobs.run_due()

        assert (steps, present(job).state) == ([0], JobState.CANCELLED)

    def test_what_is_over_is_not_cancelled(self, handle):
        handle(nothing)
        job = ask()
        jobs.run_due()

        with pytest.raises(IllegalTransition):
            jobs.cancel(job, at=NOW, by=UserFactory())

    def test_what_a_killed_worker_held_is_taken_again_by_another(self, handle):
        handle(nothing)
        job = ask()
        jobs.claim(at=NOW)

        assert not run_at(NOW + 2 * MINUTE)
        assert run_at(NOW + 4 * MINUTE) is False  # it waits a minute, like a failure
        assert (present(job).state, present(job).error) == ("queued", "lapsed")
        assert run_at(NOW + 6 * MINUTE)

        assert (present(job).state, present(job).attempts) == (JobState.DONE, 2)

    def test_what_kills_its_worker_five_times_is_parked(self):
        job, at = ask(), NOW
        for _attempt in range(5):
            assert jobs.claim(at=at)
            at += timedelta(hours=1)
            with transaction.atomic():
                jobs.recover(at=at)
            at += timedelta(hours=1)

        assert jobs.claim(at=at) is None
        assert present(job).state == JobState.PARKED

    def test_a_worker_that_was_given_up_can_neither_tell_nor_finish_nor_fail(
        self, handle
    ):
        handle(nothing)
        job = ask()
        slow = jobs.claim(at=NOW)
        run_at(NOW + 4 * MINUTE)
        assert run_at(NOW + 6 * MINUTE)
        progress = jobs.Progress(slow)

        with pytest.raises(NoLongerOurs):
            progress(1, of=2)
        with pytest.raises(NoLongerOurs), progress.finishing():
            pytest.fail("was let in")
        jobs.fail(slow, ValueError(), at=NOW)
        jobs.put_off(slow, "", at=NOW)

        assert (present(job).state, present(job).error) == (JobState.DONE, "")

    def test_what_is_done_while_finishing_is_done_with_the_job_or_not_at_all(
        self, handle
    ):
        def half(job, progress) -> None:
            with progress.finishing():
                UserFactory(name="Half done")
                raise ZeroDivisionError

        handle(half)
        job = ask()

        jobs.run_due()

        assert present(job).state == JobState.QUEUED
        assert not type(UserFactory.build()).objects.filter(name="Half done").exists()

    def test_long_work_leaves_workers_for_mails(self, settings):
        settings.JOBS_AT_ONCE = 2
        for _number in range(3):
            ask()

        assert [bool(jobs.claim(at=NOW)) for _ in range(3)] == [True, True, False]

    def test_a_turn_ends_after_a_while_so_that_a_worker_can_stop(
        self, handle, monkeypatch
    ):
        monkeypatch.setattr(jobs, "TURN", timedelta(seconds=-1))
        handle(nothing)
        for _number in range(2):
            ask()

        assert [jobs.run_due(), jobs.run_due(), jobs.run_due()] == [1, 1, 0]


@pytest.mark.django_db
class TestAroundPython:
    def test_a_job_cannot_jump(self):
        ask()

        with pytest.raises(InternalError, match="Invalid transition"):
            Job.objects.update(state=JobState.DONE, ended_at=NOW)

    def test_a_job_begins_by_waiting(self):
        with pytest.raises(InternalError, match="Cannot insert"):
            Job.objects.create(
                kind="test",
                title="T",
                state=JobState.PARKED,
                asked_at=NOW,
                not_before=NOW,
            )

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ({"state": "running"}, "job_has_a_lease_iff_running"),
            ({"lease": "0" * 32}, "job_has_a_lease_iff_running"),
            (
                {"state": "running", "lease": "0" * 32},
                "job_has_a_lease_iff_running",
            ),
            ({"state": "cancelled"}, "job_ended_at_iff_over"),
            ({"ended_at": NOW}, "job_ended_at_iff_over"),
        ],
        ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
    )
    def test_what_a_state_implies_is_tied_to_it(self, change, constraint):
        ask()

        with pytest.raises(IntegrityError, match=constraint):
            Job.objects.update(**change)


@pytest.mark.django_db(transaction=True)
def test_many_workers_do_each_job_once(handle, settings):
    settings.JOBS_AT_ONCE = 4
    done = []
    handle(lambda job, progress: done.append(job.pk))
    asked = {ask().pk for _number in range(30)}

    def work(_number: int) -> None:
        try:
            while len(done) < len(asked):
                jobs.run_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert sorted(done) == sorted(asked)


@pytest.mark.django_db(transaction=True)
def test_no_more_than_the_limit_are_claimed_at_once(settings):
    settings.JOBS_AT_ONCE = 1
    for _number in range(4):
        ask()
    barrier = Barrier(4)

    def claim(_number: int):
        try:
            barrier.wait(timeout=10)
            return jobs.claim(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(claim, range(4)))

    assert len([job for job in claimed if job]) == 1


@pytest.mark.django_db(transaction=True)
def test_who_cancels_waits_for_who_is_finishing(handle):
    finishing, cancelled = Event(), []

    def work(job, progress) -> None:
        with progress.finishing():
            finishing.set()
            time.sleep(0.3)

    def cancel() -> None:
        finishing.wait(timeout=10)
        try:
            jobs.cancel(job, at=NOW, by=None)
        except IllegalTransition as refusal:
            cancelled.append(refusal)
        finally:
            connection.close()

    handle(work)
    job = ask()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(cancel)
        jobs.run_due()

    assert len(cancelled) == 1
    assert present(job).state == JobState.DONE


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_a_job_waits_for_the_sweep(handle):
    from celery import current_app

    usual = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    handle(nothing)
    try:
        job = ask()
    finally:
        current_app.conf.broker_url = usual

    assert jobs.run_due() == 1
    assert present(job).state == JobState.DONE


SLOW_WORKER = """
import sys, time
import django
django.setup()
from inm_portal.kernel import jobs

def work(job, progress):
    print("at work", flush=True)
    time.sleep(60)

jobs._handlers["test"] = work
jobs.run_due()
"""


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_taken_again_and_done_once(handle):
    done = []
    handle(lambda job, progress: done.append(job.pk))
    job = ask(at=timezone.now())
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER],
        env=os.environ | here(),
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        assert worker.stdout.readline() == "at work\n"
        held = present(job)
        worker.send_signal(signal.SIGKILL)

    assert (held.state, held.attempts) == (JobState.RUNNING, 1)
    assert run_at(held.heard_at + 2 * MINUTE) is False
    run_at(held.heard_at + 4 * MINUTE)
    assert run_at(held.heard_at + 6 * MINUTE)
    assert run_at(held.heard_at + 60 * MINUTE) is False
    assert done == [job.pk]
    assert present(job).state == JobState.DONE


def here() -> dict[str, str]:
    """Return what makes another process work in the database of this test."""
    at = connection.settings_dict
    who = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
    host = at["HOST"] or at["OPTIONS"].get("host", "")
    where = f"/{at['NAME']}?host={host}" if "/" in host else f"{host}/{at['NAME']}"
    return {
        "DATABASE_URL": f"postgresql://{who}@{where}",
        "DJANGO_SETTINGS_MODULE": "inm_portal.settings.test",
    }
