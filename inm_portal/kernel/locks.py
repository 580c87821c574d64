"""Locks on what has no row of its own."""

from django.db import connection


def take_turns(what: str) -> None:
    """Wait until no other transaction holds ``what``, then hold it to the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
