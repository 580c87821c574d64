"""Tell the workers that something waits; without a broker the next sweep finds it."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError


def wake(task: str) -> None:
    """Ask a worker to do one of the kernel's tasks now."""
    with suppress(OperationalError, OSError):
        current_app.send_task(f"inm_portal.kernel.tasks.{task}", retry=False)


def wake_after_commit(task: str) -> None:
    """Wake a worker when the transaction commits, once for all that it wrote."""
    hook = _hook(task)
    if all(waiting[1] is not hook for waiting in connection.run_on_commit):
        transaction.on_commit(hook)


@cache
def _hook(task: str) -> Callable[[], None]:
    return partial(wake, task)
