"""
The id of a request goes along with each task that it wakes.

So the line of the request, those of the task, and the journal of both name
the same one. What else is known about the request stays out of the broker.
"""

from typing import Any

import structlog
from celery.signals import task_postrun
from django.dispatch import receiver
from django_structlog.celery.receivers import CeleryReceiver
from django_structlog.celery.signals import (
    bind_extra_task_metadata,
    modify_context_before_task_publish,
)

from .context import new_request_id, request_id

_lines = CeleryReceiver()  # signals keep no reference


def trace_tasks() -> None:
    """Log each task, in whichever process it is asked for or done."""
    _lines.connect_worker_signals()


@receiver(modify_context_before_task_publish)
def hand_over(context: dict[str, Any], **_: Any) -> None:
    """Send the id along, and neither the person nor the address."""
    context.clear()
    context["request_id"] = request_id.get()


@receiver(bind_extra_task_metadata)
def take_over(**_: Any) -> None:
    """Let journal and logs name the request; a scheduled task has an id of its own."""
    bound = structlog.contextvars.get_contextvars().get("request_id")
    request_id.set(bound or new_request_id())


@task_postrun.connect
def let_go(**_: Any) -> None:
    request_id.set("")
