"""What the worker does for the portal itself."""

from celery import shared_task
from django.utils import timezone

from . import health, idempotency, outbox, seals
from .models import Session


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Leave a mark that scheduler, broker and worker are alive; each minute."""
    health.mark_heartbeat(at=timezone.now())


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
def send_outbox() -> None:
    """Send the mails that are due; each minute, and whenever one is written."""
    outbox.send_due(at=timezone.now())
