"""Acts that happen together, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

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


def refusals(outcomes: list) -> list[type]:
    """Return what each of those that were refused was refused by."""
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Refusal)]
