"""What `manage.py check --deploy` asks about the place the portal runs in."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

NEEDED_VERSION = 18_00_00

OWN_RIGHTS = """
    SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls
           OR has_schema_privilege(rolname, 'public', 'CREATE')
           OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
    FROM pg_roles WHERE rolname = current_user
"""


@register(Tags.security, deploy=True)
def check_demo(**kwargs: Any) -> list[CheckMessage]:
    """Demo mode has people whose password is public."""
    if not settings.DEMO:
        return []
    return [Error("Demo mode is on.", hint="Leave DEMO out.", id="portal.E001")]


@register(Tags.security, deploy=True)
def check_roles(**kwargs: Any) -> list[CheckMessage]:
    """The role that serves pages is another than the one that owns the tables."""
    owner = settings.MIGRATE_DATABASE.get("USER")
    if not owner or settings.DATABASES["default"]["USER"] != owner:
        return []
    return [
        Error(
            "The portal serves pages as the owner of its tables.",
            hint="DATABASE_URL and MIGRATE_DATABASE_URL need two roles.",
            id="portal.E002",
        )
    ]


@register(Tags.security, deploy=True)
def check_front_server(**kwargs: Any) -> list[CheckMessage]:
    """A redirect to HTTPS ends only if the scheme of a request can be told."""
    if not settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER:
        return []
    return [
        Warning(
            "No front server is trusted, so that every page redirects to itself.",
            hint="Set TRUSTED_PROXIES to the number of servers in front.",
            id="portal.W001",
        )
    ]


@register(Tags.database, deploy=True)
def check_database(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The server is of the right kind, and the portal's role may only use rows."""
    return [fault for alias in databases or [] for fault in _database_faults(alias)]


def _database_faults(alias: str) -> Iterator[CheckMessage]:
    with connections[alias].cursor() as cursor:
        server = cursor.connection
        if server.server_version < NEEDED_VERSION:
            yield Error("The portal needs PostgreSQL 18.", id="portal.E003")
        if server.get_parameter_status("server_encoding") != "UTF8":
            yield Error("The database is not encoded in UTF-8.", id="portal.E004")
        cursor.execute(OWN_RIGHTS)
        if cursor.fetchone()[0]:
            yield Error(
                "The role that serves pages may do more than read and write rows.",
                id="portal.E005",
            )
