"""How many journal entries many writers commit, beside bare rows of the same kind."""

import statistics
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from typing import Any

from django.db import connection, connections, transaction

from inm_portal.accounts.models import User
from inm_portal.kernel import journal

from . import people
from .figures import Figure, Probe

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

Write = Callable[[User], object]


def probes() -> Iterator[Probe]:
    yield Probe("journal entries, 16 writers", entries)


def entries(_: Any) -> Iterator[Figure]:
    """Write by the portal's way and by hand, in turns."""
    person = User.objects.get(email=people.STAFF)
    rounds = [(rate(recorded, person), rate(bare, person)) for _ in range(ROUNDS)]
    yield Figure(
        f"journal entries, {WRITERS} writers",
        f"{statistics.median(entry for entry, _ in rounds):,.0f}/s",
        f"{statistics.median(row for _, row in rounds):,.0f}/s",
        statistics.median(row / entry for entry, row in rounds),
        LIMIT,
    )


@transaction.atomic
def recorded(person: User) -> None:
    journal.record(VERB, person, by=person, number=1)


@transaction.atomic
def bare(person: User) -> None:
    values = [person.pk, VERB, SUBJECT, person.pk, REQUEST]
    with connection.cursor() as cursor:
        cursor.execute(BARE, values)
        cursor.fetchone()


def rate(write: Write, person: User) -> float:
    """Return how many rows all writers together commit in a second."""
    connections.close_all()  # none of them is for two processes
    fork = get_context("fork")
    together = fork.Barrier(WRITERS + 1)
    writers = [
        fork.Process(target=write_on, args=(write, person, together))
        for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    together.wait()
    began = time.perf_counter()
    together.wait()
    took = time.perf_counter() - began
    for writer in writers:
        writer.join()
    return WRITERS * ENTRIES / took


def write_on(write: Write, person: User, together: Any) -> None:
    """Connect, wait for all others, and write until done."""
    write(person)
    together.wait()
    for _ in range(ENTRIES):
        write(person)
    together.wait()
