"""What the bench stands on: its own servers, and databases of two volumes."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from inm_portal.embedded import CHECKOUT, broker_url, socket_folder, state_folder
from inm_portal.embedded.postgres import Postgres
from inm_portal.embedded.processes import CannotStart, Server, stop
from inm_portal.embedded.valkey import Valkey

from . import processes

BENCH = Path(__file__).parent
SETTINGS = "bench.settings"
#: Files that decide what the databases hold.
INGREDIENTS = ("*/migrations/*.py", "*/*/migrations/*.py", "consortium/demo/*.py")
REDIRECTING = {"DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "CACHE_URL"}


@dataclass(frozen=True)
class World:
    """A database with the demo world and so many copies of its members."""

    database: str
    scale: int
    has_reference: bool = False

    def url(self, role: str) -> str:
        return f"postgresql://{role}@/{self.database}?host={socket_folder(state())}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a process that works in this world."""
        return plain_environment() | {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PORTAL_STATE": str(state()),
            "DEMO": "1",
            "DEBUG": "0",
            "DATABASE_URL": self.url("portal_web"),
            "MIGRATE_DATABASE_URL": self.url("portal_owner"),
            "REDIS_URL": broker_url(state()),
        }


FULL = World("portal", scale=100, has_reference=True)
TENTH = World("tenth", scale=10)
WORLDS = (FULL, TENTH)

_state = state_folder() / "bench"
_environment = dict(os.environ)


def state() -> Path:
    """Return the folder of everything that the bench keeps."""
    return _state


def plain_environment() -> dict[str, str]:
    """Return the environment in which the bench was started, without servers."""
    return {name: v for name, v in _environment.items() if name not in REDIRECTING}


@dataclass(frozen=True)
class Stand:
    """The running servers."""

    postgres: Postgres
    postmaster: int

    def time_of_database(self) -> float:
        """Return the seconds that all connections of the portal have computed."""
        backends = (
            pid
            for pid in processes.children_of(self.postmaster)
            if processes.title(pid).startswith("postgres: portal_web")
        )
        ended = processes.time_of_ended_children(self.postmaster)
        return ended + sum(processes.processor_time(pid) for pid in backends)


@contextmanager
def running() -> Iterator[Stand]:
    """Run the servers of the bench, with their databases filled."""
    with ExitStack() as stack:
        stack.enter_context(_alone())
        postgres = Postgres(state())
        process = stack.enter_context(_server(postgres))
        stack.enter_context(_server(Valkey(state())))
        for world in WORLDS:
            _fill(postgres, world)
        _script(postgres, FULL, "VACUUM ANALYZE; CHECKPOINT;")
        yield Stand(postgres, process.pid)


@contextmanager
def _alone() -> Iterator[None]:
    state().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (state() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"Another run uses {state()}.") from None
        yield


@contextmanager
def _server(server: Server) -> Iterator[subprocess.Popen[bytes]]:
    with (state() / f"{server.name}.log").open("wb") as said:
        process = server.start(said)
        try:
            while not server.answers():
                if process.poll() is not None:
                    raise CannotStart(f"{server.name} ended; {said.name} tells why.")
                time.sleep(0.02)
            server.furnish()
            yield process
        finally:
            stop(process, server.stop_signal)


def _fill(postgres: Postgres, world: World) -> None:
    """Bring a world up to date; make it anew when what it is made of has changed."""
    stamp, key = state() / f"{world.database}.key", _key()
    if not (stamp.exists() and stamp.read_text() == key):
        print(f"Making the demo world at scale {world.scale}", flush=True)
        _script(postgres, None, _anew(world.database))
        _django(world, "migrate", "--verbosity=0")
        _django(world, "seed_demo", f"--scale={world.scale}")
        if world.has_reference:
            _script(postgres, world, (BENCH / "reference.sql").read_text())
        _script(postgres, world, "VACUUM ANALYZE;")
        stamp.write_text(key)


def _anew(database: str) -> str:
    return (
        f"DROP DATABASE IF EXISTS {database} WITH (FORCE);\n"
        f"CREATE DATABASE {database} OWNER portal_owner;\n"
    )


def _key() -> str:
    files = sorted(path for glob in INGREDIENTS for path in CHECKOUT.glob(glob))
    digest = sha256()
    for path in [*files, BENCH / "reference.sql"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _script(postgres: Postgres, world: World | None, script: str) -> None:
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    options += [f"--dbname={world.database}"] if world else []
    asked = postgres.ask("psql", *options, script=script)
    if asked.returncode:
        raise CannotStart(asked.stderr.decode(errors="replace").strip())


def _django(world: World, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", *command],
        env=world.environment,
        cwd=CHECKOUT,
        check=False,
    )
    if done.returncode:
        raise CannotStart(f"{command[0]} failed; the lines above tell why.")
