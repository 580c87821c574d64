"""The demo world, made once by each worker: every module gets a copy of its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from ..conftest import connect_as

#: So often a database is dropped, a second apart, while somebody still asks.
ATTEMPTS = 15

LINGERING = """
    SELECT pg_terminate_backend(pid, %(patience)s) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user
        AND pid <> pg_backend_pid()
"""


class Worlds:
    """The database of a worker, and the copy of it as the demo world begins."""

    def __init__(self, served: dict) -> None:
        self.served = served
        self.name = connection.settings_dict["NAME"]
        self.kept = f"{self.name}_demo"
        self.is_kept = False

    def begin(self) -> None:
        """Make the demo world, or copy the one that was kept."""
        if self.is_kept:
            self._begin_anew()
            return
        call_command("seed_demo")
        self._copy(self.name, to=self.kept)
        self.is_kept = True

    def end(self) -> None:
        """Empty the database for those who come after."""
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
        connection.close()

    def forget(self) -> None:
        """Drop the copy."""
        with self._as_owner() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {self.kept}")

    def _begin_anew(self) -> None:
        """Copy what was kept, once nobody asks any more: a page may ask once again."""
        for left in reversed(range(ATTEMPTS)):
            self._leave_alone()
            try:
                self._copy(self.kept, to=self.name)
            except DatabaseError:
                if not left:
                    raise
                time.sleep(1)
            else:
                return

    def _leave_alone(self) -> None:
        """End what still asks; the owner may not, since it is the portal's role."""
        with connection.cursor() as cursor:
            cursor.execute(LINGERING, {"patience": 5_000})

    def _copy(self, source: str, *, to: str) -> None:
        with self._as_owner() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {to} TEMPLATE {source}")

    @contextmanager
    def _as_owner(self) -> Iterator:
        connect_as(settings.MIGRATE_DATABASE)
        try:
            with connection._nodb_cursor() as cursor:
                yield cursor
        finally:
            connect_as(self.served)
