"""What the worker does for the portal itself."""

from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any

from celery import shared_task
from celery.signals import after_task_publish
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from . import (
    documents,
    exports,
    health,
    idempotency,
    invariants,
    jobs,
    lists,
    orphans,
    outbox,
    scanners,
    seals,
)
from .models import Document, Job, Session
from .reminders import sweeping

#: The result of a job is taken within that time.
TAKEN_WITHIN = timedelta(days=1)


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Leave a mark that scheduler, broker and worker are alive; each minute."""
    health.mark_heartbeat(at=timezone.now())


@after_task_publish.connect(sender=f"{__name__}.heartbeat")
def note_beat(**published: Any) -> None:
    """Leave a mark that the scheduler is alive: nobody else hands out a heartbeat."""
    health.mark_beat(at=timezone.now())


@shared_task(ignore_result=True)
def clear_sessions() -> None:
    """Remove sessions that have run out; nightly."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


@shared_task(ignore_result=True)
def forget_answers() -> None:
    """Remove the answers of POSTs that were kept long enough; nightly."""
    idempotency.forget(at=timezone.now())


@shared_task(ignore_result=True)
def seal_journal() -> None:
    """Seal the entries that have committed since; each minute, safe to run twice."""
    seals.seal(at=timezone.now())


@shared_task(ignore_result=True)
def check_invariants() -> None:
    """Look for records that do not tie, and ask for somebody if there are; nightly."""
    invariants.check(at=timezone.now())


@shared_task(ignore_result=True)
def send_outbox() -> None:
    """Send the mails that are due; each minute, and whenever one is written."""
    outbox.send_due(at=timezone.now())


@shared_task(ignore_result=True)
def run_jobs() -> None:
    """Run the jobs that are due; each minute, and whenever one is asked for."""
    jobs.run_due()


@shared_task(ignore_result=True)
def clear_files() -> None:
    """Remove files that expired or that no row names; nightly."""
    orphans.clear(at=timezone.now())


@jobs.handler(lists.EXPORT)
def export_list(job: Job, progress: jobs.Progress) -> None:
    """Write the Excel file of a list, for who asked."""
    export = lists.export_of(job)
    rows = export.rows()
    total = rows.count()
    with TemporaryFile() as file:
        exports.write_xlsx(
            file,
            rows,
            export.export_columns,
            title=export.name,
            tell=lambda done: progress(done, of=total, words=_("Writing rows")),
        )
        with progress.finishing() as held:
            now = timezone.now()
            held.done = held.total = total
            held.result = documents.keep(
                file,
                kind=documents.RESULTS,
                subject=held,
                name=f"{export.name}.xlsx",
                content_type=exports.XLSX,
                at=now,
                expires_at=now + TAKEN_WITHIN,
            )


@jobs.handler(documents.SCAN)
def scan_document(job: Job, progress: jobs.Progress) -> None:
    """Let the scanner look into a document; wait while it is away."""
    document = Document.objects.get(pk=job.args["document"])
    try:
        with default_storage.open(document.stored) as file:
            is_clean = scanners.is_clean(file)
    except scanners.ScannerAway:
        raise jobs.PutOff(_("Waits for the scanner")) from None
    with progress.finishing():
        documents.note_scan(document, is_clean=is_clean, at=timezone.now())


@shared_task(ignore_result=True)
def sweep_reminders() -> None:
    """Plan and write the reminders that are due; each minute, safe to run twice."""
    sweeping.sweep(at=timezone.now())
