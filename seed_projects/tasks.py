"""What the worker does about seed projects by itself."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(ignore_result=True)
def close_calls() -> None:
    """Close calls whose last deadline is over; each few minutes, safe to run twice."""
    services.close_due_calls(at=timezone.now())
