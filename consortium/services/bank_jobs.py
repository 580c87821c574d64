"""Take in files of the bank that bring more than somebody waits for."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import jobs, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import Job, JobState

from ..models import BankFile
from .bank_trial import try_bank_file
from .banking import take_in_bank_file

#: The kind of job that takes in a file.
TAKE_IN = "consortium.take_in_bank_file"

#: As many receipts as are recorded while somebody waits.
WAITED_FOR = 500

UNDER_WAY = [JobState.QUEUED, JobState.RUNNING]


class MayNoLonger(Refusal):
    code = "may_no_longer"


@transaction.atomic
def take_in_or_ask(file: BankFile, *, at: datetime, by: User) -> Job | None:
    """
    Take in a file; what brings more than somebody waits for becomes a job's.

    What was asked for and is not over is given again.

    :raises BankFileTakenIn: if this file was taken in.
    :raises NothingToTakeIn: if there is no line in it that is not known.
    """
    take_turns(f"{TAKE_IN} {file.pk}")
    if job := job_of(file, states=UNDER_WAY):
        return job
    if len(try_bank_file(file).to_record) <= WAITED_FOR:
        take_in_bank_file(file, at=at, by=by)
        return None
    title = _("Taking in %(file)s") % {"file": file}
    return jobs.ask(TAKE_IN, title=title, by=by, at=at, file=file.pk)


def job_of(file: BankFile, *, states: list[JobState] | None = None) -> Job | None:
    """Return the job that takes in a file, or failed to; none once one did."""
    states = states or [*UNDER_WAY, JobState.PARKED]
    asked = Job.objects.filter(kind=TAKE_IN, state__in=states, args__file=file.pk)
    return asked.select_related("asked_by", "result").order_by("-pk").first()


def take_in_asked(job: Job, progress: jobs.Progress, *, at: datetime) -> None:
    """
    Take in the file of a job, all of it in one transaction, and say so by mail.

    How far it is, is told aside, so that all see it before anything is recorded.

    :raises Refusal: if it cannot be taken in; who asked knows why by mail.
    """
    file = BankFile.objects.select_related("account").get(pk=job.args["file"])
    words = _("Recording receipts")
    try:
        with transaction.atomic(), progress.aside() as tell:
            taken_in = take_in_bank_file(
                file,
                at=at,
                by=_who_asked(job),
                tell=lambda done, of: tell(done, of=of, words=words),
            )
            with progress.finishing() as held:
                held.done = held.total = taken_in.receipt_count
                _write("bank_file_taken_in", job, file, at=at, taken_in=taken_in)
    except Refusal as refusal:
        _write("bank_file_refused", job, file, at=at, words=str(refusal))
        raise


def _who_asked(job: Job) -> User:
    by: Any = job.asked_by
    if not (by.is_active and by.has_perm("consortium.add_bankfile")):
        raise MayNoLonger(_("Who asked for this may no longer take in files."))
    person: User = by
    return person


@transaction.atomic
def _write(
    kind: str, job: Job, file: BankFile, *, at: datetime, **context: object
) -> None:
    mails.write(
        f"consortium/mail/{kind}",
        to=job.asked_by,
        about=file,
        slot=str(job.pk),
        at=at,
        context={"file": file, **context},
        asked=True,
    )
