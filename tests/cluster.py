"""
The PostgreSQL of the tests: started once, before the workers, and stopped at the end.

With ``DATABASE_URL`` set, the tests use that server instead.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from inm_portal.embedded import state_folder
from inm_portal.embedded.postgres import Postgres
from inm_portal.embedded.processes import CannotStart, stop
from inm_portal.settings.environment import env

RUNNING = pytest.StashKey[ExitStack]()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if not needs_server(config):
        return
    stack = config.stash[RUNNING] = ExitStack()
    try:
        stack.enter_context(alone(state_folder() / "test"))
        stack.enter_context(running(Postgres(state_folder() / "test", durable=False)))
    except CannotStart as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUNNING in config.stash:
        config.stash[RUNNING].close()


def needs_server(config: pytest.Config) -> bool:
    """Tell whether this process is the one that starts the server."""
    is_worker = hasattr(config, "workerinput")
    return not (
        is_worker or config.option.collectonly or env("DATABASE_URL", default="")
    )


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Wait until no other run of the tests uses ``state``."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Waiting for the other run that uses {state}; PORTAL_STATE=/tmp/…")
            print("would give this one a server of its own.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def running(server: Postgres) -> Iterator[None]:
    """Run a server, with what it says in a file beside its data."""
    with (server.state / "postgresql.log").open("wb") as said:
        process = server.start(said)
        try:
            while not server.answers():
                if process.poll() is not None:
                    raise CannotStart(f"PostgreSQL ended; {said.name} tells why.")
                time.sleep(0.02)
            server.furnish()
            yield
        finally:
            stop(process, server.stop_signal)
