"""The portal's role reads and writes rows, and no more (CFG-05)."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from inm_portal.kernel import grants
from inm_portal.kernel.owner import as_owner

WEB = settings.DATABASES["default"]["USER"]

RIGHTS = """
    SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)
    FROM information_schema.role_table_grants
    WHERE grantee = %s AND table_schema = 'public' AND privilege_type <> 'TRUNCATE'
    GROUP BY table_name
"""


def rights_of(run) -> dict[str, str]:
    """Return the rights on each table; TRUNCATE is for the tests alone."""
    return dict(run(RIGHTS, WEB))


def expected_rights() -> dict[str, str]:
    rights = dict.fromkeys(
        connection.introspection.table_names(), "DELETE INSERT SELECT UPDATE"
    )
    rights |= dict.fromkeys(grants.append_only_tables(), "INSERT SELECT")
    rights |= dict.fromkeys(grants.views(), "SELECT")
    rights |= dict.fromkeys(grants.NARROWED, "INSERT SELECT")
    return rights | {"django_migrations": "SELECT"}


def test_tests_run_as_the_role_that_serves_the_portal(db, run):
    assert run("SELECT current_user::text, session_user::text") == [(WEB, WEB)]
    assert settings.MIGRATE_DATABASE["USER"] != WEB


def test_the_append_only_tables_are_these(db):
    assert grants.append_only_tables() >= {
        "kernel_journalentry",
        "consortium_commitmentyear",
        "consortium_floorwaiver",
        "consortium_formername",
    }


def test_each_table_has_exactly_the_rights_that_the_portal_needs(db, run):
    assert rights_of(run) == expected_rights()


def test_rights_that_crept_in_are_taken_away(db, run, owner):
    cursor = owner.cursor()
    cursor.execute(f"GRANT ALL ON kernel_journalentry, django_migrations TO {WEB}")
    cursor.execute(f"GRANT ALL ON SEQUENCE kernel_journalentry_id_seq TO {WEB}")

    grants.apply(Owned(owner), role=WEB)

    cursor.execute(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = %s AND table_name IN"
        " ('kernel_journalentry', 'django_migrations')",
        [WEB],
    )
    assert set(cursor.fetchall()) == {
        ("kernel_journalentry", "SELECT"),
        ("kernel_journalentry", "INSERT"),
        ("django_migrations", "SELECT"),
    }
    cursor.execute(
        "SELECT has_sequence_privilege(%s, 'kernel_journalentry_id_seq', 'UPDATE')",
        [WEB],
    )
    assert cursor.fetchone() == (False,)


class Owned:
    """The parts of a Django connection that `grants.apply` uses, for the owner."""

    introspection = connection.introspection
    ops = connection.ops

    def __init__(self, raw) -> None:
        self.cursor = raw.cursor


def test_the_role_owns_nothing(db, run):
    owned = run(
        "SELECT relname FROM pg_class WHERE relowner = %s::regrole"
        " UNION ALL SELECT proname FROM pg_proc WHERE proowner = %s::regrole"
        " UNION ALL SELECT datname FROM pg_database WHERE datdba = %s::regrole",
        *[WEB] * 3,
    )

    assert owned == []


def test_the_role_is_member_of_no_other(db, run):
    flags = run(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication"
        " FROM pg_roles WHERE rolname = %s",
        WEB,
    )

    assert flags == [(False,) * 5]
    assert run("SELECT FROM pg_auth_members WHERE member = %s::regrole", WEB) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (id int)",
        "CREATE VIEW more AS SELECT 1",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql RETURN 1",
        "CREATE SCHEMA more",
        "CREATE EXTENSION file_fdw",
        "ALTER TABLE accounts_user ADD COLUMN more int",
        "ALTER TABLE kernel_journalentry DISABLE TRIGGER ALL",
        "ALTER TABLE accounts_user DROP CONSTRAINT user_is_no_superuser",
        "CREATE INDEX more ON accounts_user (name)",
        "CREATE TRIGGER more BEFORE UPDATE ON accounts_user"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "DROP TABLE portal_cache",
        "SET session_replication_role = replica",
        "SET ROLE portal_owner",
        "UPDATE kernel_givenname SET entry_id = entry_id",
        "DELETE FROM kernel_givenname",
        "UPDATE django_migrations SET name = name",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
        "DELETE FROM django_migrations",
    ],
)
def test_the_role_cannot(db, run, statement):
    with (
        pytest.raises(ProgrammingError, match=r"denied|must be owner"),
        transaction.atomic(),
    ):
        run(statement)


def test_every_sequence_can_be_drawn_from_but_not_set_back(db, run):
    sequences = run(
        "SELECT sequencename::text,"
        " has_sequence_privilege(format('public.%I', sequencename), 'USAGE'),"
        " has_sequence_privilege(format('public.%I', sequencename), 'UPDATE')"
        " FROM pg_sequences WHERE schemaname = 'public'"
    )

    assert {row[1:] for row in sequences} == {(True, False)}


def test_work_as_the_owner_ends_where_it_began(transactional_db, run):
    with as_owner("default") as role:
        working_as = run("SELECT current_user::text")

    assert working_as == [(settings.MIGRATE_DATABASE["USER"],)]
    assert role == WEB
    assert run("SELECT current_user::text") == [(WEB,)]


def test_migrate_run_by_the_portal_works_through_the_owner(
    transactional_db, run, owner
):
    cursor = owner.cursor()
    cursor.execute(f"REVOKE ALL ON accounts_user, kernel_journalentry FROM {WEB}")
    owner.commit()

    try:
        call_command("migrate", verbosity=0)

        assert rights_of(run) == expected_rights()
        assert run("SELECT current_user::text") == [(WEB,)]
    finally:
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {WEB}")
        owner.commit()
