"""Acts that happen together, each with a connection of its own."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, transaction

from inm_portal.kernel.errors import Refusal


def at_once(*acts) -> list:
    """Run the acts together; return what each gave, or its refusal."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=10)
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def while_held(first, second):
    """Begin ``second`` while ``first`` is not committed; return what it gave."""

    def run():
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            under_way = pool.submit(run)
            _wait_until_somebody_waits()
        return under_way.result(timeout=30)


def _wait_until_somebody_waits() -> None:
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise TimeoutError("Nobody waits.")


def refusals(outcomes: list) -> list[type]:
    """Return what each of those that were refused was refused by."""
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Refusal)]
