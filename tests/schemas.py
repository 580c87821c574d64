"""
The migrated database, kept beside those of the tests: later runs copy it.

To migrate an empty one takes longer than most runs of a few tests do.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.utils import DatabaseError

from inm_portal.embedded import CHECKOUT

PREFIX = "migrated_"


def kept() -> str | None:
    """Return the name of the database that was migrated as this one would be."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [_name()])
        return _name() if cursor.rowcount else None


def keep() -> None:
    """Keep a copy of the database that was migrated now, and none that was before."""
    if connection.settings_dict["TEST"]["TEMPLATE"]:
        return
    source = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname <> %s",
            [f"{PREFIX}%", _name()],
        )
        for (former,) in cursor.fetchall():
            cursor.execute(f"DROP DATABASE IF EXISTS {former}")
        with suppress(DatabaseError):  # another worker keeps its own
            cursor.execute(f"CREATE DATABASE {_name()} TEMPLATE {source}")


def _name() -> str:
    """Return a name that changes with any migration, and with the packages."""
    digest = sha256((CHECKOUT / "requirements.txt").read_bytes())
    for app in apps.get_app_configs():
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]
