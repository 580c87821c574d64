"""What the worker does about the consortium by itself."""

from celery import shared_task
from django.utils import timezone

from . import services
from .models import Agreement


@shared_task(ignore_result=True)
def carry_excess() -> None:
    """Carry the excess of years that ended; each night, safe to run twice."""
    today = timezone.localdate()
    for agreement in Agreement.objects.carrying(on=today):
        services.carry_excess(agreement, at=timezone.now(), today=today, by=None)


@shared_task(ignore_result=True)
def credit_opened_years() -> None:
    """Credit what was paid ahead of years that began; each night, safe to run twice."""
    services.credit_opened_years(at=timezone.now())
