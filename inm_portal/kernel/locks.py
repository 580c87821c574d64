"""Locks on what has no row of its own."""

from django.db import connection

from . import context


def take_turns(what: str) -> None:
    """
    Wait until no other transaction holds ``what``, then hold it to the end.

    What is asked from then on is read anew.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
    context.forget()
