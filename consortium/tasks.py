"""What the worker does about the consortium by itself."""

from celery import shared_task
from django.utils import timezone

from inm_portal.kernel import jobs
from inm_portal.kernel.models import Job

from . import services


@shared_task(ignore_result=True)
def carry_excess() -> None:
    """Carry the excess of years that ended; each night, safe to run twice."""
    services.carry_all_excess(at=timezone.now())


@shared_task(ignore_result=True)
def credit_opened_years() -> None:
    """Credit what was paid ahead of years that began; each night, safe to run twice."""
    services.credit_opened_years(at=timezone.now())


@shared_task(ignore_result=True)
def forget_inquiries() -> None:
    """Erase what companies asked and nobody follows; each night."""
    services.forget_inquiries(at=timezone.now())


@shared_task(ignore_result=True)
def close_due_motions() -> None:
    """Count the votes of motions whose time is over; safe to run twice."""
    services.close_due_motions(at=timezone.now())


@shared_task(ignore_result=True)
def tell_library_news() -> None:
    """Tell of what can be read since the last time; safe to run twice."""
    services.tell_library_news(at=timezone.now())


@jobs.handler(services.TAKE_IN)
def take_in_bank_file(job: Job, progress: jobs.Progress) -> None:
    """Take in a large file of the bank, whole or not at all, for who asked."""
    services.take_in_asked(job, progress, at=timezone.now())


@jobs.handler(services.ISSUE)
def issue_statements(job: Job, progress: jobs.Progress) -> None:
    """Issue the statements of many members, for who asked."""
    services.issue_statements(job, progress, at=timezone.now())
