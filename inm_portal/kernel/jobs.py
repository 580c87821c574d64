"""
Long work: asked for in a transaction, done by a worker, told step by step.

A handler may run more than once, because a worker can be killed at any
moment; what it does inside `Progress.finishing` happens once.
"""

import logging
import traceback
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from . import context, journal
from .errors import Refusal
from .locks import take_turns
from .models import Job, JobState, JournalEntry
from .verbs import Verb
from .waking import wake, wake_after_commit

#: Who says nothing for so long was killed.
LAPSED = timedelta(minutes=3)

#: Progress is told no more often than that.
TELL_EVERY = timedelta(seconds=1)

#: The first wait after a failure; each further one is twice as long.
FIRST_WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 5

#: How long work waits for something outside that is away.
PUT_OFF = timedelta(minutes=5)

#: A worker looks up from jobs after so long.
TURN = timedelta(seconds=30)

logger = logging.getLogger(__name__)


class NotParked(Refusal):
    code = "not_parked"


class NoLongerOurs(Exception):
    """The job was cancelled, or lapsed and was taken by another worker."""


class PutOff(Exception):
    """The work cannot be done now, by no fault of its own: later, uncounted."""


class Progress:
    """What a handler tells of a job while it holds it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.is_finished = False
        self._told_at = timezone.now() - TELL_EVERY

    def __call__(self, done: int, *, of: int | None = None, words: str = "") -> None:
        """
        Tell how far the work is; renews the lease.

        :raises NoLongerOurs: if it was cancelled or taken away meanwhile.
        """
        now = timezone.now()
        if now - self._told_at < TELL_EVERY:
            return
        told = {"done": done, "total": of, "words": words, "heard_at": now}
        if not self._ours().update(**told):
            raise NoLongerOurs
        self._told_at = now

    @contextmanager
    def aside(self) -> Iterator[Callable[..., None]]:
        """
        Yield what tells while a transaction is open, by a connection of its own.

        All others see how far the work is before anything of it is committed, and
        what it raises when the job was cancelled rolls that back.
        """
        with ThreadPoolExecutor(1) as pool:

            def tell(done: int, *, of: int | None = None, words: str = "") -> None:
                pool.submit(self, done, of=of, words=words).result()

            try:
                yield tell
            finally:
                # Which connection that is, only the thread can say.
                pool.submit(lambda: connection.close()).result()

    @contextmanager
    def finishing(self) -> Iterator[Job]:
        """
        Open the transaction that makes the job done, with all that happens in it.

        :raises NoLongerOurs: if it was cancelled or taken away meanwhile.
        """
        with transaction.atomic():
            job = self._ours().select_for_update().first()
            if job is None:
                raise NoLongerOurs
            yield job
            _end(job, JobState.DONE, at=timezone.now())
            if job.asked_by_id:
                journal.record(Verb.JOB_DONE, job, by=job.asked_by, kind=job.kind)
        self.is_finished = True

    def _ours(self) -> Any:
        return Job.objects.filter(
            pk=self.job.pk, state=JobState.RUNNING, lease=self.job.lease
        )


Handler = Callable[[Job, Progress], None]

_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated ``(job, progress)`` function, in an app's ``tasks``."""

    def register(function: Handler) -> Handler:
        if kind in _handlers:
            raise ImproperlyConfigured(f"Two handlers are declared for {kind!r}.")
        _handlers[kind] = function
        return function

    return register


def ask(kind: str, *, title: str, by: Any, at: datetime, **args: Any) -> Job:
    """
    Ask for work, in the caller's transaction; ``args`` are keys, never text.

    A worker is woken on commit; without a broker the sweep finds the job.
    """
    job = Job.objects.create(
        kind=kind,
        title=title,
        args=args,
        asked_by=by,
        asked_at=at,
        not_before=at,
        request_id=context.request_id.get(),
    )
    if by is not None:
        journal.record(Verb.JOB_ASKED, job, by=by, kind=kind)
    wake_after_commit("run_jobs")
    return job


@transaction.atomic
def cancel(job: Job, *, at: datetime, by: Any) -> Job:
    """
    Cancel a job; a worker that holds it stops at its next word of progress.

    :raises IllegalTransition: if it is over.
    """
    job = Job.objects.locked(job)
    _end(job, JobState.CANCELLED, at=at)
    journal.record(Verb.JOB_CANCELLED, job, by=by, kind=job.kind)
    return job


@transaction.atomic
def retry(job: Job, *, at: datetime, by: Any) -> Job:
    """
    Let a parked job run again, with as many attempts as a new one.

    :raises NotParked: if it is waiting, at work or over.
    """
    job = Job.objects.locked(job)
    if job.state != JobState.PARKED:
        raise NotParked(_("Only a parked job is tried again."))
    job.move_to(JobState.QUEUED)
    job.attempts, job.not_before = 0, at
    job.save()
    journal.record(Verb.JOB_RETRIED, job, by=by, kind=job.kind)
    wake_after_commit("run_jobs")
    return job


def run_due() -> int:
    """
    Run what is due, one after the other; return how many were run.

    After some time the rest is left to the next call, so that a worker that
    is asked to stop can.
    """
    count, until = 0, timezone.now() + TURN
    while job := claim(at=timezone.now()):
        run(job)
        count += 1
        if timezone.now() > until:
            wake("run_jobs")
            break
    return count


@transaction.atomic
def claim(*, at: datetime) -> Job | None:
    """
    Take the next due job for this worker alone; None while enough are running.

    Long work leaves workers for mails: no more than ``JOBS_AT_ONCE`` run.
    """
    take_turns("claim of jobs")
    recover(at=at)
    running = Job.objects.filter(state=JobState.RUNNING)
    if running.count() >= settings.JOBS_AT_ONCE:
        return None
    due = Job.objects.filter(state=JobState.QUEUED, not_before__lte=at)
    first = due.order_by("not_before", "pk")
    job = first.select_for_update(skip_locked=True).first()
    if job is not None:
        job.move_to(JobState.RUNNING)
        job.attempts += 1
        job.lease, job.heard_at = uuid.uuid4(), at
        job.save()
    return job


def recover(*, at: datetime) -> None:
    """Take back what killed workers held; park what has killed too many."""
    left = Job.objects.filter(state=JobState.RUNNING, heard_at__lt=at - LAPSED)
    for job in left.select_for_update(skip_locked=True):
        _set_back(job, "lapsed", at=at)


def run(job: Job) -> None:
    """Let the handler of a claimed job work; note how it ended."""
    token = context.request_id.set(job.request_id)
    progress = Progress(job)
    try:
        with context.of_one_name(who_asked(job)):
            _handler_of(job.kind)(job, progress)
            if not progress.is_finished:
                with progress.finishing():
                    """Nothing is left to do."""
    except NoLongerOurs:
        return
    except PutOff as reason:
        put_off(job, str(reason), at=timezone.now())
    except Exception as error:
        # Where, and of which class; what an error says may quote a row.
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Job %s: %s\n%s", job.pk, type(error).__name__, where)
        fail(job, error, at=timezone.now())
    finally:
        context.request_id.reset(token)


def who_asked(job: Job) -> context.Given | None:
    """Return the name that was given when a job was asked for by a shared account."""
    about = JournalEntry.objects.about(job).filter(verb=Verb.JOB_ASKED)
    name = about.values_list("named__name", flat=True).first()
    return context.Given(job.asked_by_id, name) if name and job.asked_by_id else None


@transaction.atomic
def fail(job: Job, error: Exception, *, at: datetime) -> None:
    """Try again later, each time after twice as long, until it is no use."""
    held = Progress(job)._ours().select_for_update().first()
    if held is not None:
        is_final = isinstance(error, Refusal)
        _set_back(held, type(error).__name__, at=at, is_final=is_final)


@transaction.atomic
def put_off(job: Job, words: str, *, at: datetime) -> None:
    """Let a job wait for what is away; such an attempt does not count."""
    held = Progress(job)._ours().select_for_update().first()
    if held is not None:
        held.move_to(JobState.QUEUED)
        held.lease, held.words, held.not_before = None, words, at + PUT_OFF
        held.attempts -= 1
        held.save()


def _set_back(job: Job, error: str, *, at: datetime, is_final: bool = False) -> None:
    is_over = is_final or job.attempts >= MOST_ATTEMPTS
    job.move_to(JobState.PARKED if is_over else JobState.QUEUED)
    job.not_before = at + FIRST_WAIT * 2 ** (job.attempts - 1)
    job.lease, job.error = None, error
    job.save()
    if is_over:
        journal.record(Verb.JOB_PARKED, job, by=None, kind=job.kind, error=error)


def _end(job: Job, state: JobState, *, at: datetime) -> None:
    job.move_to(state)
    job.ended_at, job.lease, job.args, job.words = at, None, {}, ""
    if state == JobState.DONE:
        job.error = ""
        job.done = job.total or job.done
    job.save()


def _handler_of(kind: str) -> Handler:
    """
    :raises LookupError: for a kind that no app's ``tasks`` handles.
    """
    autodiscover_modules("tasks")
    return _handlers[kind]
