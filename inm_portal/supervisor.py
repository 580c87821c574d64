"""
Run the whole portal of a checkout: servers, web, worker and beat, as one program.

Each process is asked whether it is ready, none is waited for by the clock. All end
with the first that ends, with Ctrl-C, and with this process, however it dies.
"""

import argparse
import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .embedded import CHECKOUT, is_demo, state_folder
from .embedded.children import Children, Starter, StopAsked
from .embedded.folders import sentence
from .embedded.log import Log
from .embedded.postgres import Postgres
from .embedded.processes import CannotStart, Server, end_with_parent, spawn
from .embedded.valkey import Valkey
from .settings.environment import env

SETTINGS = "inm_portal.settings.development"
SIGN_INS = """\
Sign in with the password new-manufacturing-demo as one of
  director@inm.example   staff@inm.example      finance@inm.example
  admin@inm.example      auditor@inm.example    pi@inm.example
  reviewer@inm.example   sponsor@siemens.example  billing@siemens.example"""


Programs = Callable[[Path, int], dict[str, list[str]]]


def portal_programs(state: Path, listener: int) -> dict[str, list[str]]:
    """Return the commands of beat, worker and web; web serves the socket given."""
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser"]
    celery = [*python, "-m", "celery", "--app=inm_portal", "--quiet"]
    schedule = f"--schedule={state / 'beat' / 'schedule'}"
    worker = ["--concurrency=3", "--without-gossip", "--without-mingle"]
    web = ["--worker-class=gthread", "--workers=2", "--threads=4", "--preload"]
    web += [f"--worker-tmp-dir={state / 'web'}", "--no-control-socket"]
    web += ["--forwarded-allow-ips="]  # no header of a client says who it is
    web += ["--graceful-timeout=10", "--log-level=warning", f"--bind=fd://{listener}"]
    return {
        "beat": [*celery, "beat", "--loglevel=WARNING", schedule],
        "worker": [*celery, "worker", "--loglevel=INFO", *worker],
        "web": [*python, "-m", "gunicorn", "inm_portal.wsgi", *web],
    }


@dataclass(frozen=True)
class Portal:
    """What runs, and where."""

    state: Path
    port: int
    prepare: tuple[str, ...] = (sys.executable, "-m", "inm_portal.prepare")
    programs: Programs = portal_programs


def main(make: Callable[[Path, int], Portal] = Portal) -> int:
    """Run the portal until it is stopped; return the exit code."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--parent", type=int, help="end when this process ends")
    parent = parser.parse_args().parent
    env.read_env(CHECKOUT / ".env")
    try:
        if parent:
            end_with_parent(parent, signal.SIGTERM)
        run(make(state_folder(), port_number()))
    except (CannotStart, OSError) as error:
        said = sentence(error) if isinstance(error, OSError) else str(error)
        print(said, file=sys.stderr)  # noqa: T201 - this is how it speaks
        return 1
    return 0


def run(portal: Portal) -> None:
    """
    Start everything and watch it until somebody asks to stop.

    :raises CannotStart: if something is in the way, or a process ends by itself.
    """
    with hold(portal) as killed, claim(portal.port, patience=10 * killed) as listener:
        log = Log(portal.state / "portal.log")
        children = Children(log)
        children.listen_to_signals()
        try:
            start(portal, children, listener)
            children.watch()
        except StopAsked:
            log.say("Stopping the portal.")
        except CannotStart as error:
            log.keep(str(error))
            raise
        finally:
            children.stop()


def start(portal: Portal, children: Children, listener: socket.socket) -> None:
    """Start everything in its order, and say so once the portal answers."""
    port = listener.getsockname()[1]
    start_servers(portal.state, children)
    children.run("prepare", program(portal.prepare))
    start_programs(portal, children, listener)
    children.wait_until(lambda: is_healthy(port), "The web server")
    log = children.log
    log.say(f"Portal ready at http://127.0.0.1:{port}")
    log.say(f"Passkeys need the name: http://localhost:{port}")
    if is_demo():
        log.say(SIGN_INS)
    log.say("Ctrl-C stops it.")


def start_servers(state: Path, children: Children) -> None:
    """Start the servers that the environment does not name elsewhere."""
    servers: list[Server] = []
    if not env("DATABASE_URL", default=""):
        servers.append(Postgres(state))
    if not env("REDIS_URL", default=""):
        servers.append(Valkey(state))
    for server in servers:
        children.start(server.name, server.start, server.stop_signal, is_server=True)
    for server in servers:
        children.wait_until(server.answers, server.name)
        server.furnish()


def start_programs(portal: Portal, children: Children, listener: socket.socket) -> None:
    """Start the programs side by side, and leave the port to them."""
    for folder in ("beat", "web"):
        (portal.state / folder).mkdir(mode=0o700, exist_ok=True)
    for name, command in portal.programs(portal.state, listener.fileno()).items():
        fds = [listener.fileno()] if name == "web" else []
        children.start(name, program(command, pass_fds=fds))
    listener.close()


def program(command: Sequence[str], pass_fds: Sequence[int] = ()) -> Starter:
    """Return what starts a program of the portal, with the portal's settings."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PORTAL_STATE": str(state_folder()),
        "PYTHONUNBUFFERED": "1",
    }
    return lambda output: spawn(
        list(command), output=output, env=environment, cwd=CHECKOUT, pass_fds=pass_fds
    )


def is_healthy(port: int) -> bool:
    """Tell whether the web server answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def port_number() -> int:
    """Return the port that the environment asks for."""
    asked = env("PORT", default="") or "8000"
    if not (asked.isdecimal() and int(asked) < 65536):
        raise CannotStart(f"PORT={asked} is no port; choose one, as in PORT=8001.")
    return int(asked)


@contextmanager
def hold(portal: Portal) -> Iterator[bool]:
    """
    Keep the state folder from a second start; yield whether the last one was killed.

    :raises CannotStart: if a portal runs from it.
    """
    portal.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (portal.state / "lock").open("a+") as lock:
        lock.seek(0)
        found = lock.read()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"A portal already runs from {portal.state}: {found or 'it starts'}. "
                f"Stop it first, or name another folder in PORTAL_STATE."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, http://127.0.0.1:{portal.port}")
        lock.flush()
        try:
            yield bool(found)
        finally:
            lock.truncate(0)


def claim(port: int, *, patience: float = 0) -> socket.socket:
    """
    Return a socket that holds the port until the web server listens on it.

    :raises CannotStart: if the port is still in use when ``patience`` is at its end.
    """
    deadline = time.monotonic() + patience
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    while True:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                listener.close()
                raise CannotStart(why_not_bound(port, error)) from None
            time.sleep(0.1)
        else:
            return listener


def why_not_bound(port: int, error: OSError) -> str:
    """Tell what is wrong with a port, and what to do."""
    wrong = "is in use" if error.errno == errno.EADDRINUSE else "may not be used"
    other = port + 1 if 1024 <= port < 65535 else 8001
    return f"Port {port} {wrong}; choose another one: make run PORT={other}"


if __name__ == "__main__":
    sys.exit(main())
