"""What the worker does about seed projects by itself."""

from celery import shared_task
from django.utils import timezone

from inm_portal.kernel import jobs
from inm_portal.kernel.models import Job

from . import services


@shared_task(ignore_result=True)
def close_calls() -> None:
    """Close calls whose last deadline is over; each few minutes, safe to run twice."""
    services.close_due_calls(at=timezone.now())


@shared_task(ignore_result=True)
def tell_of_last_hours() -> None:
    """Tell PIs of drafts hours before the deadline; each few minutes, safe twice."""
    services.tell_of_last_hours(at=timezone.now())


@jobs.handler(services.BIND)
def bind_book(job: Job, progress: jobs.Progress) -> None:
    """Bind all that was handed in to a call as one PDF, for who asked."""
    services.bind_book(job, progress, at=timezone.now())
