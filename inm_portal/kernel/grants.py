"""What the portal's database role may do: read and write rows, and no more."""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import AppendOnlyModel

#: Tables that only the owner writes.
READ_ONLY = ["django_migrations"]


def apply(connection: BaseDatabaseWrapper, *, role: str) -> None:
    """
    Grant ``role`` what the portal needs, and take away all else.

    Append-only tables keep SELECT and INSERT, `NARROWED` ones what stands there.
    The connection must be the owner's.
    """
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor, include_views=True)
    tables = [name for name in names if not name.startswith("pg_")]
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(NO_SWITCH)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name(role)}")
        cursor.execute(
            f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name(role)}"
        )
        cursor.execute(
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name(role)}"
        )
        for table in tables:
            cursor.execute(f"REVOKE ALL ON {name(table)} FROM {name(role)}")
            cursor.execute(f"GRANT {_rights(table)} ON {name(table)} TO {name(role)}")


#: Tables of which the portal changes some columns, and no row of which goes.
NARROWED = {"kernel_givenname": "SELECT, INSERT, UPDATE (name)"}

#: Triggers hold for everybody: the switch that pgtrigger offers is taken away.
NO_SWITCH = """
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME)
RETURNS BOOLEAN LANGUAGE SQL AS 'SELECT false'
"""


def append_only_tables() -> set[str]:
    """Return the tables of all append-only models."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, AppendOnlyModel)
    }


def views() -> set[str]:
    """Return the tables that are views of others, and hold nothing themselves."""
    return {
        model._meta.db_table for model in apps.get_models() if not model._meta.managed
    }


def _rights(table: str) -> str:
    if table in READ_ONLY or table in views():
        return "SELECT"
    if table in append_only_tables():
        return "SELECT, INSERT"
    return NARROWED.get(table, "SELECT, INSERT, UPDATE, DELETE")
