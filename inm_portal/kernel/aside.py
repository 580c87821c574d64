"""A statement that runs while its caller does something else."""

from collections.abc import Mapping
from typing import Any

import psycopg2
from django.db import connection
from psycopg2.extras import wait_select


class Aside:
    """
    A connection beside Django's that runs one statement again and again.

    Each run is a transaction of its own. PostgreSQL plans the statement once,
    and no thread waits for the answer, to take turns with the caller.

    :raises django.db.DatabaseError: as Django's connection does.
    """

    def __init__(self, statement: str, names: tuple[str, ...]) -> None:
        self.names = names
        self.execute = f"EXECUTE aside ({', '.join(f'%({name})s' for name in names)})"
        places = {name: f"${number}" for number, name in enumerate(names, 1)}
        with connection.wrap_database_errors:
            parameters = connection.get_connection_params()
            self.link = psycopg2.connect(**parameters, async_=True)
            wait_select(self.link)
            self.cursor = self.link.cursor()
            self.cursor.execute(f"PREPARE aside AS {statement % places}")
            wait_select(self.link)

    def run(self, values: Mapping[str, Any]) -> None:
        """Begin to run the statement."""
        with connection.wrap_database_errors:
            self.cursor.execute(self.execute, values)

    def found_a_row(self) -> bool:
        """Wait for the statement; say whether it returned a row."""
        with connection.wrap_database_errors:
            wait_select(self.link)
            return self.cursor.fetchone() is not None

    def close(self) -> None:
        self.link.close()
