"""Large files of the bank: a job takes each in, whole or not at all, and says so."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consortium import services
from consortium.models import BankImport, LedgerEntry, Receipt
from inm_portal.kernel import invariants, jobs
from inm_portal.kernel.models import Job, JobState, Message
from tests.factories.accounts import staff
from tests.factories.banking import account, csv_of, take_in, upload
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [f"2026-11-12,{n}.00,Payer {n},FED-{n}," for n in range(1, 6)]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr("consortium.services.bank_jobs.WAITED_FOR", 2)
    monkeypatch.setattr(jobs, "TELL_EVERY", timedelta())


@pytest.fixture
def finance():
    return staff("finance")


@pytest.fixture
def file():
    return upload(csv_of(*ROWS), account())


def ask(file, by) -> Job | None:
    return services.take_in_or_ask(file, at=timezone.now(), by=by)


def run_one() -> None:
    jobs.run(jobs.claim(at=timezone.now()))


def mails() -> list[tuple[str, str]]:
    told = Message.objects.filter(kind__startswith="consortium/mail/bank_file")
    return [(one.kind.rpartition("_")[2], one.text) for one in told.order_by("pk")]


def test_a_small_file_is_taken_in_while_somebody_waits(finance):
    small = upload(csv_of(*ROWS[:2]), account())

    assert ask(small, finance) is None
    assert small.taken_in.receipt_count == 2
    assert not Job.objects.exists()


def test_a_job_takes_in_a_large_file_and_who_asked_is_told(finance, file):
    job = ask(file, finance)
    assert not Receipt.objects.exists()

    run_one()

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert BankImport.objects.get().imported_by == finance
    assert Receipt.objects.count() == 5
    [(how, text)] = mails()
    assert how == "in"
    assert "5 receipts of 5 lines" in text
    assert services.job_of(file) is None
    assert list(invariants.broken()) == []


def test_how_far_it_is_shows_before_anything_is_recorded(finance, file, monkeypatch):
    job, seen = ask(file, finance), []
    told = jobs.Progress.__call__

    def look(progress, *args, **kwargs):
        told(progress, *args, **kwargs)
        far = Job.objects.values_list("done", "total").get(pk=job.pk)
        seen.append((*far, Receipt.objects.count()))

    monkeypatch.setattr(jobs.Progress, "__call__", look)

    run_one()

    assert seen == [(n, 5, 0) for n in range(1, 6)]


def test_a_job_that_is_cancelled_half_way_leaves_nothing(finance, file, monkeypatch):
    job = ask(file, finance)
    told = jobs.Progress.__call__

    def cancel_at_three(progress, done, **kwargs):
        if done == 3:
            jobs.cancel(job, at=timezone.now(), by=finance)
        told(progress, done, **kwargs)

    monkeypatch.setattr(jobs.Progress, "__call__", cancel_at_three)

    run_one()

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not Receipt.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert mails() == []
    assert ask(file, finance) != job


def test_a_worker_whose_job_was_taken_away_at_the_end_leaves_nothing(
    finance, file, monkeypatch
):
    ask(file, finance)
    ours = jobs.claim(at=timezone.now())
    told = jobs.Progress.__call__

    @transaction.atomic
    def last(progress, done, **kwargs):
        told(progress, done, **kwargs)
        if done == len(ROWS):
            jobs.recover(at=timezone.now() + timedelta(hours=1))

    monkeypatch.setattr(jobs.Progress, "__call__", last)

    jobs.run(ours)

    assert not Receipt.objects.exists()
    assert not BankImport.objects.exists()


def test_a_fault_half_way_leaves_nothing_and_the_next_attempt_takes_it_in(
    finance, file, monkeypatch
):
    ask(file, finance)
    with monkeypatch.context() as patch:
        told = jobs.Progress.__call__

        def fall(progress, done, **kwargs):
            told(progress, done, **kwargs)
            if done == 3:
                raise OSError

        patch.setattr(jobs.Progress, "__call__", fall)
        run_one()
    assert not Receipt.objects.exists()

    jobs.run(jobs.claim(at=timezone.now() + timedelta(hours=1)))

    assert Receipt.objects.count() == 5
    assert [how for how, _text in mails()] == ["in"]


def test_who_asked_knows_why_it_was_refused(finance, file):
    job = ask(file, finance)
    take_in(file)

    run_one()

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.PARKED, "BankFileTakenIn")
    [(how, text)] = mails()
    assert how == "refused"
    assert "This very file was taken in" in text
    assert Receipt.objects.count() == 5


def test_who_lost_the_right_meanwhile_takes_in_nothing(finance, file):
    job = ask(file, finance)
    finance.groups.clear()

    run_one()

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.PARKED, "MayNoLonger")
    assert not Receipt.objects.exists()


def test_two_clerks_ask_for_one_job(finance, file):
    other = staff("finance")

    asked = at_once(lambda: ask(file, finance), lambda: ask(file, other))

    assert asked[0] == asked[1] == Job.objects.get()


def test_a_job_holds_no_connection_after_it_is_done(finance, file):
    ask(file, finance)
    before = links()

    run_one()

    assert links() == before


def links() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        )
        return cursor.fetchone()[0]
