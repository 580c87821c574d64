"""
What must hold across rows and no single constraint can say.

Each app's ``invariants`` declares statements that select what is broken;
``check_invariants`` runs them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

_invariants: list["Invariant"] = []


@dataclass(frozen=True)
class Invariant:
    """A sentence that holds, and a statement that finds the keys where it does not."""

    sentence: str
    broken: str


def declare(*invariants: Invariant) -> None:
    """Add to what `broken` checks."""
    _invariants.extend(invariants)


def broken(*, most: int = 5) -> Iterator[str]:
    """Yield a line for each invariant that does not hold, with some of its keys."""
    with connection.cursor() as cursor:
        for invariant in _invariants:
            cursor.execute(f"{invariant.broken} LIMIT %s", [most])
            if keys := [str(row[0]) for row in cursor.fetchall()]:
                yield f"{invariant.sentence} Not for {', '.join(keys)}."
