import os
import shutil
import signal
import subprocess
import time
from contextlib import closing

import psycopg2
import pytest

from inm_portal.embedded import broker_url, database_url, postgres, socket_folder
from inm_portal.embedded.folders import holders, private_folder
from inm_portal.embedded.postgres import Postgres, account
from inm_portal.embedded.processes import OURS, CannotStart, stop
from inm_portal.embedded.valkey import Valkey

from .portals import eventually


@pytest.fixture
def server(state):
    """Return a cluster that need not outlive a power cut."""
    return Postgres(state, durable=False)


@pytest.fixture
def new_server(empty_state):
    """Return a cluster that has yet to be made."""
    return Postgres(empty_state, durable=False)


@pytest.fixture
def started(request):
    """Return a function that starts a server and waits until it answers."""

    def start(server):
        process = server.start(subprocess.DEVNULL)
        request.addfinalizer(lambda: stop(process, signal.SIGKILL))
        assert eventually(server.answers)
        server.furnish()
        return process

    return start


def asked(role, state, sql, database="portal"):
    """Return the first value that a statement gives to a role."""
    address = {"host": str(socket_folder(state)), "dbname": database, "user": role}
    with closing(psycopg2.connect(**address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None


def test_three_roles_have_the_rights_that_they_need_and_no_more(server, started):
    started(server)
    state = server.state
    rights = "SELECT rolsuper::text || rolcreatedb FROM pg_roles WHERE rolname = "

    assert asked("portal_admin", state, rights + "'portal_admin'") == "truetrue"
    assert asked("portal_admin", state, rights + "'portal_owner'") == "falsetrue"
    assert asked("portal_admin", state, rights + "'portal_web'") == "falsefalse"
    asked("portal_owner", state, "CREATE TABLE thing (name text)")
    asked("portal_owner", state, "CREATE EXTENSION citext")
    asked("portal_owner", state, "CREATE DATABASE test_portal")
    asked("portal_owner", state, "CREATE TABLE thing (name text)", "test_portal")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        asked("portal_web", state, "CREATE TABLE other (name text)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        asked("portal_web", state, "SELECT name FROM thing")


def test_text_is_compared_as_unicode(server, started):
    started(server)

    assert asked("portal_web", server.state, "SELECT upper('straße')") == "STRASSE"
    assert asked("portal_web", server.state, "SELECT 'ZÜRICH' ILIKE 'zürich'")


def test_nothing_listens_on_a_port_and_nobody_else_may_enter(server, started):
    started(server)

    assert asked("portal_web", server.state, "SHOW listen_addresses") == ""
    assert server.sockets.stat().st_mode & 0o777 == 0o700
    assert server.data.stat().st_mode & 0o077 == 0


def test_a_killed_server_starts_again_with_its_data(state, started):
    server = Postgres(state)
    first = started(server)
    asked("portal_owner", server.state, "CREATE TABLE kept (name text)")
    first.kill()  # not waited for: its pid stays, as that of a zombie
    assert eventually(lambda: not holders(server.data))
    assert (server.data / "postmaster.pid").exists()

    started(server)

    assert asked("portal_owner", server.state, "SELECT count(*) FROM kept") == 0


@pytest.mark.parametrize("which", ["init", "this one", "none"])
def test_a_pid_file_that_names_another_process_is_no_obstacle(server, started, which):
    pid = {"init": 1, "this one": os.getpid(), "none": 4_000_000}[which]
    stop(started(server), server.stop_signal)
    (server.data / "postmaster.pid").write_text(f"{pid}\n{server.data}\n0\n5432\n")
    (server.sockets / ".s.PGSQL.5432.lock").write_text(f"{pid}\n{server.data}\n")

    started(server)


def test_a_server_left_over_is_ended_before_the_next_start(server, started):
    first = started(server)

    second = started(server)

    assert first.poll() is not None
    assert second.pid in holders(server.data)


def test_backends_left_by_a_killed_server_are_ended_too(server, started):
    first = started(server)
    busy = postgres.tool("psql"), "-h", str(server.sockets), "-U", "portal_web"
    client = subprocess.Popen(
        [*busy, "-d", "portal", "-c", "SELECT count(*) FROM generate_series(1, 1e9)"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    active = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'portal_web'"
    assert eventually(lambda: asked("portal_admin", server.state, active) == 1)
    first.kill()
    first.wait()

    started(server)

    assert client.wait(5)


def test_half_a_cluster_is_never_used(new_server, started):
    half = new_server.state / "pg.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    started(new_server)

    assert not half.exists()


def test_sockets_move_to_a_short_folder_when_the_path_is_long(empty_state, started):
    deep = empty_state / ("deep-" * 12) / ("deeper-" * 12)
    server, broker = Postgres(deep, durable=False), Valkey(deep)

    started(server)
    started(broker)

    assert socket_folder(deep).parent != deep
    assert socket_folder(deep).stat().st_mode & 0o777 == 0o700
    assert str(socket_folder(deep)) in database_url("portal_web", deep)
    assert str(socket_folder(deep)) in broker_url(deep)
    shutil.rmtree(socket_folder(deep))


def test_the_longest_folder_that_is_kept_really_works(empty_state, started):
    name = "x" * (107 - len("/.s.PGSQL.5432.lock") - len(f"{empty_state}//run"))
    longest = empty_state / name

    assert socket_folder(longest) == longest / "run"
    started(Postgres(longest, durable=False))
    assert socket_folder(empty_state / f"{name}x") != empty_state / f"{name}x" / "run"


@pytest.mark.parametrize("name", ["two words", "50%", "a&b", "Übung", "a,b", "a#b"])
def test_sockets_stay_out_of_folders_that_addresses_cannot_spell(empty_state, name):
    assert socket_folder(empty_state / name).parent != empty_state / name


def test_a_link_in_place_of_the_socket_folder_is_refused(empty_state):
    empty_state.mkdir()
    (empty_state / "mine").mkdir()
    (empty_state / "theirs").symlink_to(empty_state / "mine")

    with pytest.raises(CannotStart, match="belongs to somebody else"):
        private_folder(empty_state / "theirs", OURS)


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_a_socket_folder_of_somebody_else_is_refused(empty_state):
    empty_state.mkdir()
    os.chown(empty_state, 12345, 12345)

    with pytest.raises(CannotStart, match="belongs to somebody else"):
        private_folder(empty_state, OURS)


@pytest.mark.parametrize(
    ("version", "sentence"),
    [(None, "its PG_VERSION is missing"), ("16", "is of PostgreSQL 16 and this is 18")],
)
def test_a_broken_data_folder_is_told_in_a_sentence(new_server, version, sentence):
    new_server.data.mkdir(parents=True)
    if version:
        (new_server.data / "PG_VERSION").write_text(version)

    with pytest.raises(CannotStart, match=sentence):
        new_server.start(subprocess.DEVNULL)


@pytest.mark.skipif(os.getuid() != 0, reason="only root hides as nobody")
def test_root_falls_back_on_nobody_where_namespaces_are_forbidden(
    new_server, started, monkeypatch
):
    new_server.state.parent.chmod(0o755)
    monkeypatch.setattr(
        "inm_portal.embedded.processes.enter_namespace", forbid_namespace
    )
    account.cache_clear()
    try:
        process = started(new_server)
        assert account().uid != 0
        assert os.stat(f"/proc/{process.pid}").st_uid == account().uid
        stop(process, new_server.stop_signal)
    finally:
        monkeypatch.undo()
        account.cache_clear()
    started(new_server)  # the files are root's again


def forbid_namespace():
    raise PermissionError


def test_valkey_answers_and_keeps_nothing(state, started):
    broker = Valkey(state)
    process = started(broker)
    began = time.monotonic()

    stop(process, broker.stop_signal)

    assert time.monotonic() - began < 5
    assert list((state / "valkey").iterdir()) == []
