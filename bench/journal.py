"""How many journal entries many writers commit, beside bare rows of the same kind."""

import statistics
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from inm_portal.accounts.models import User
from inm_portal.kernel import journal

from . import people
from .figures import Figure, Probe
from .writers import rate

WRITERS = 16
ENTRIES = 100
ROUNDS = 3
LIMIT = 2.0
VERB, SUBJECT, REQUEST = "accounts.signed_in", "accounts.user", ""
BARE = """
INSERT INTO kernel_journalentry
    (actor_id, acting_as_id, verb, subject_type, subject_id, facts, request_id)
VALUES (%s, NULL, %s, %s, %s, '{"number": 1}', %s)
RETURNING id
"""


def probes() -> Iterator[Probe]:
    yield Probe("journal entries, 16 writers", entries)


def entries(_: Any) -> Iterator[Figure]:
    """Write by the portal's way and by hand, in turns."""
    person = User.objects.get(email=people.STAFF)
    rounds = [(by(recorded, person), by(bare, person)) for _ in range(ROUNDS)]
    yield Figure(
        f"journal entries, {WRITERS} writers",
        f"{statistics.median(entry for entry, _ in rounds):,.0f}/s",
        f"{statistics.median(row for _, row in rounds):,.0f}/s",
        statistics.median(row / entry for entry, row in rounds),
        LIMIT,
    )


def by(write: Callable[[User], object], person: User) -> float:
    """Return how many entries a second come in one of the ways."""
    return rate(lambda *_: write(person), writers=WRITERS, times=ENTRIES)


@transaction.atomic
def recorded(person: User) -> None:
    journal.record(VERB, person, by=person, number=1)


@transaction.atomic
def bare(person: User) -> None:
    values = [person.pk, VERB, SUBJECT, person.pk, REQUEST]
    with connection.cursor() as cursor:
        cursor.execute(BARE, values)
        cursor.fetchone()
