"""What is done for many at night: what fails of it is told, and holds up no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.tasklist import open_task

from ..models import Agreement, CommitmentYear

#: The kind of task that asks to look at what could not be credited at night.
NOT_CREDITED = "consortium.not_credited"

log = structlog.get_logger(__name__)


@contextmanager
def apart(about: Agreement | CommitmentYear, *, at: datetime) -> Iterator[None]:
    """
    Do one of many in a transaction of its own; what fails is logged, and made a task.

    The next night tries again, and the task is opened once.
    """
    try:
        with transaction.atomic():
            yield
    except Exception as error:
        log.exception("not_credited", about=about.pk)
        open_task(
            NOT_CREDITED,
            about,
            what=_("Find out why %(about)s could not be credited") % {"about": about},
            why=_("It was tried at night and failed: %(error)s.")
            % {"error": type(error).__name__},
            due_on=timezone.localdate(at),
            url=about.get_absolute_url(),
            by=None,
        )
