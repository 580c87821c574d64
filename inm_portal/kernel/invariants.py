"""
What must hold across rows and no single constraint can say.

Each app's ``invariants`` declares statements that select what is broken;
``check_invariants`` runs them all, and so does the worker each night.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import InvariantCheck, Task
from .tasklist import open_task

log = structlog.get_logger(__name__)

#: The kind of the task to find out why.
BROKEN = "kernel.invariant_broken"

_invariants: list["Invariant"] = []


@dataclass(frozen=True)
class Invariant:
    """
    A sentence that holds, and a statement that finds the keys where it does not.

    Where it is about what a report says, the statement is put together of that.
    """

    sentence: str
    broken: str | Callable[[], QuerySet]
    #: What it is about, where that is checked by itself.
    about: str = ""


def declare(*invariants: Invariant, about: str = "") -> None:
    """Add to what `broken` checks."""
    _invariants.extend(replace(one, about=about) for one in invariants)


def broken(*, most: int = 5, about: str = "") -> Iterator[str]:
    """Yield a line for each invariant that does not hold, with some of its keys."""
    asked = [one for one in _invariants if about in ("", one.about)]
    for invariant in asked:
        if keys := list(_keys(invariant, most)):
            yield f"{invariant.sentence} Not for {', '.join(keys)}."


def _keys(invariant: Invariant, most: int) -> Iterator[str]:
    """Yield some of the keys for which an invariant does not hold."""
    if not isinstance(invariant.broken, str):
        yield from map(str, invariant.broken().values_list("pk", flat=True)[:most])
        return
    with connection.cursor() as cursor:
        cursor.execute(f"{invariant.broken} LIMIT %s", [most])
        yield from (str(row[0]) for row in cursor.fetchall())


@transaction.atomic
def check(*, at: datetime) -> InvariantCheck:
    """
    Check all, keep what was found, and ask somebody to look into what is broken.

    Nobody is asked again while the task is open.
    """
    found = InvariantCheck.objects.create(checked_at=at, broken=list(broken()))
    for line in found.broken:
        log.error("invariant_broken", line=line)
    if found.broken and not Task.objects.open().filter(kind=BROKEN).exists():
        open_task(
            BROKEN,
            found,
            what=_("Find out why the records do not tie"),
            why=" ".join(found.broken),
            due_on=timezone.localdate(at),
            by=None,
        )
    return found


def broken_at_last() -> int:
    """Return how many did not hold when they were checked last."""
    last = InvariantCheck.objects.order_by("-checked_at", "-pk").first()
    return len(last.broken) if last else 0
