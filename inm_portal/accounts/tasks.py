"""What the worker does about people."""

from celery import shared_task
from django.utils import timezone

from . import viewing


@shared_task(ignore_result=True)
def end_viewings() -> None:
    """End the viewings that are past their time; each minute, safe to run twice."""
    viewing.end_run_out(at=timezone.now())
