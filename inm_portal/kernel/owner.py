"""Work as the owner of the tables, for as long as it takes to migrate."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

ADDRESS = ["HOST", "PORT", "USER", "PASSWORD", "OPTIONS"]


@contextmanager
def as_owner(alias: str) -> Iterator[str]:
    """
    Connect ``alias`` as ``MIGRATE_DATABASE`` says, to the same database.

    Yields the name of the role that serves the portal.
    """
    connection = connections[alias]
    served = {key: connection.settings_dict[key] for key in ADDRESS}
    owner = {key: settings.MIGRATE_DATABASE.get(key) or "" for key in ADDRESS}
    owner["OPTIONS"] = settings.MIGRATE_DATABASE.get("OPTIONS") or {}
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield served["USER"]
    finally:
        connection.close()
        connection.settings_dict.update(served)
