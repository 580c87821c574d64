"""Ways into the database that the portal itself does not have."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from inm_portal.kernel.owner import ADDRESS


@pytest.fixture
def owner(db) -> Iterator[Any]:
    """Return a connection of the role that owns the tables; undone at the end."""
    address = settings.MIGRATE_DATABASE
    place = {key.lower(): address.get(key) or None for key in ADDRESS}
    options = place.pop("options") or {}
    name = connection.settings_dict["NAME"]
    opened = psycopg2.connect(**place | {"dbname": name} | options)
    with opened.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")  # an error, where it would hang
    opened.commit()
    yield opened
    opened.rollback()
    opened.close()


@pytest.fixture
def run():
    """Run SQL as the role that serves the portal; return the rows."""

    def execute(sql: str, *params: Any) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params or None)
            return cursor.fetchall() if cursor.description else []

    return execute
