"""Locks on what has no row of its own."""

from django.db import connection

from . import context


def take_turns(what: str) -> None:
    """
    Wait until no other transaction holds ``what``, then hold it to the end.

    What is asked from then on is read anew.
    """
    _lock("pg_advisory_xact_lock", what)


def share_turn(what: str) -> None:
    """
    Hold ``what`` to the end together with others; who takes turns waits for all.

    What is asked from then on is read anew.
    """
    _lock("pg_advisory_xact_lock_shared", what)


def _lock(function: str, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [what])
    context.forget()
