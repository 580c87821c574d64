"""The supervisor with real servers and small programs in place of Django's."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from inm_portal.embedded.folders import holders

from .portals import (
    STUB,
    clean_environment,
    eventually,
    family,
    kill_all,
    nobody_is_left,
)


def pid_of(state, word):
    """Return the one process of a portal with ``word`` in its command line."""
    for pid in family(state):
        command = f"/proc/{pid}/cmdline"
        with open(command, "rb") as file:
            if word in file.read():
                return pid
    raise AssertionError(f"no {word!r}")


def is_served(address):
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_and_is_no_failure(state, by, start_portal):
    portal = start_portal(state)
    address = portal.wait_until_ready()
    assert is_served(address)

    assert portal.end(by) == 0
    assert nobody_is_left(state)
    assert holders(state / "pg") == []
    assert not is_served(address)
    assert "database system is shut down" in (state / "portal.log").read_text()


def test_a_signal_during_the_start_stops_it(state, start_portal):
    portal = start_portal(state)
    assert eventually(lambda: any("valkey-server" in name for name in names(state)))

    assert portal.end(signal.SIGTERM) == 0
    assert nobody_is_left(state)


def names(state):
    for pid in family(state):
        try:
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                yield file.read()
        except OSError:
            continue


def test_a_killed_supervisor_leaves_nobody_and_starts_again(state, start_portal):
    first = start_portal(state, LINGER="2")
    address = first.wait_until_ready()

    first.end(signal.SIGKILL)

    port = address.rpartition(":")[2]
    again = start_portal(state, PORT=port)  # which the old web still holds
    assert again.wait_until_ready() == address
    assert again.end(signal.SIGTERM) == 0
    assert nobody_is_left(state)


def test_a_start_after_all_was_killed_at_once_repairs_the_rest(state, start_portal):
    first = start_portal(state)
    first.wait_until_ready()
    kill_all(state)
    assert (state / "pg" / "postmaster.pid").exists()

    again = start_portal(state)

    again.wait_until_ready()
    assert again.end(signal.SIGTERM) == 0


def test_the_end_of_the_parent_ends_the_portal(state, start_portal):
    script = f"{' '.join(STUB)} --parent $$; true"
    portal = start_portal(state, "/bin/sh", "-c", script)
    portal.wait_until_ready()

    portal.process.kill()

    assert nobody_is_left(state)


def test_a_parent_that_has_gone_already_prevents_the_start(empty_state, start_portal):
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()

    portal = start_portal(empty_state, *STUB, "--parent", str(gone.pid))

    assert portal.end() == 1
    assert not empty_state.exists()


@pytest.mark.parametrize("word", [b"time.sleep", b"valkey-server", b"postgres\0-D"])
def test_the_end_of_any_process_ends_all(state, word, start_portal):
    portal = start_portal(state)
    portal.wait_until_ready()

    os.kill(pid_of(state, word), signal.SIGKILL)

    assert portal.end() == 1
    assert "ended by itself" in portal.said()
    assert nobody_is_left(state)


def test_a_second_start_is_refused_in_a_sentence(state, start_portal):
    first = start_portal(state)
    first.wait_until_ready()

    second = start_portal(state)

    assert second.end() == 1
    assert f"A portal already runs from {state}: process {first.process.pid}" in (
        second.said()
    )
    assert "Traceback" not in second.said()
    assert first.process.poll() is None


def test_a_port_in_use_is_told_before_anything_starts(empty_state, start_portal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        portal = start_portal(empty_state, PORT=str(port))

        assert portal.end() == 1

    assert portal.said() == (
        f"Port {port} is in use; choose another one: make run PORT={port + 1}\n"
    )
    assert not (empty_state / "pg").exists()


@pytest.mark.parametrize("port", ["eighty", "65536", "-1"])
def test_what_is_no_port_is_told(empty_state, port, start_portal):
    portal = start_portal(empty_state, PORT=port)

    assert portal.end() == 1
    assert portal.said() == f"PORT={port} is no port; choose one, as in PORT=8001.\n"


def test_a_broken_data_folder_is_told_and_left_alone(empty_state, start_portal):
    (empty_state / "pg").mkdir(parents=True)
    (empty_state / "pg" / "mine").write_text("precious")

    portal = start_portal(empty_state)

    assert portal.end() == 1
    assert "is broken, its PG_VERSION is missing" in portal.said()
    assert "Traceback" not in portal.said()
    assert (empty_state / "pg" / "mine").read_text() == "precious"
    assert nobody_is_left(empty_state)


@pytest.mark.skipif(
    os.getuid() != 0 or not shutil.which("unshare"), reason="needs a small disk"
)
def test_a_full_disk_is_told_in_a_sentence(empty_state, start_portal):
    empty_state.mkdir()
    script = f"mount -t tmpfs -o size=1m none {empty_state} && exec {' '.join(STUB)}"

    portal = start_portal(empty_state, "unshare", "--mount", "/bin/sh", "-c", script)

    assert portal.end() == 1
    assert portal.said() == (
        f"The disk of {empty_state} is full; the portal needs 200 MB to start.\n"
    )


def test_a_state_folder_that_cannot_be_made_is_told_in_a_sentence(
    empty_state, start_portal
):
    empty_state.parent.joinpath("file").write_text("")

    portal = start_portal(empty_state.parent / "file" / "state")

    assert portal.end() == 1
    assert portal.said().endswith("cannot be used: Not a directory.\n")


def test_servers_of_others_are_used_and_none_is_started(empty_state, start_portal):
    env = {"DATABASE_URL": "postgresql:///none", "REDIS_URL": "redis://none"}

    portal = start_portal(empty_state, **env)

    portal.wait_until_ready()
    assert not (empty_state / "pg").exists()
    assert not (empty_state / "valkey").exists()


def test_nobody_needs_to_read_what_the_portal_says(state):
    silent = subprocess.Popen(
        STUB,
        env=clean_environment() | {"PORTAL_STATE": str(state), "PORT": "0"},
        stdout=subprocess.PIPE,
    )
    log = state / "portal.log"
    ready = "Portal ready at "
    assert eventually(lambda: log.exists() and ready in log.read_text(), within=30)
    address = log.read_text().partition(ready)[2].split()[0]

    for _ in range(1500):
        assert is_served(address)

    silent.terminate()
    assert silent.wait(20) == 0
    silent.stdout.close()


def test_a_demo_names_its_sign_ins_and_an_empty_portal_has_none(state, start_portal):
    demo = start_portal(state)
    demo.wait_until_ready()
    demo.end(signal.SIGTERM)
    empty = start_portal(state, DEMO="0", FORCE_COLOR="1")
    empty.wait_until_ready()
    empty.end(signal.SIGTERM)

    assert "director@inm.example" in demo.said()
    assert "director@inm.example" not in empty.said()
    assert "\x1b[" not in demo.said()
    assert "\x1b[34mpostgresql |\x1b[0m LOG:" in empty.said()
    assert "\x1b[" not in (state / "portal.log").read_text()


def test_data_of_an_empty_portal_lies_apart_from_the_demo():
    ask = "from inm_portal.embedded import state_folder; print(state_folder())"
    usual = clean_environment()
    usual.pop("PORTAL_STATE", None)
    folders = [
        subprocess.check_output([sys.executable, "-c", ask], env=usual | {"DEMO": demo})
        for demo in "10"
    ]

    assert folders[0].endswith(b"/.portal\n")
    assert folders[1].endswith(b"/.portal/empty\n")
