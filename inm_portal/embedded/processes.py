"""Child processes that never outlive the process that started them."""

import contextlib
import ctypes
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class CannotStart(Exception):
    """The portal cannot run, for a reason that one sentence tells."""


@dataclass(frozen=True)
class Account:
    """Whom a child believes to be, and whom its files belong to."""

    uid: int
    in_namespace: bool = False

    @property
    def switches(self) -> dict[str, Any]:
        """Return what makes a child run as somebody else than its parent."""
        if self.in_namespace or self.uid == os.getuid():
            return {}
        return {"user": self.uid, "group": self.uid, "extra_groups": []}


OURS = Account(os.getuid())


class Server(Protocol):
    """A server of a checkout, with a folder below the state folder."""

    name: str
    stop_signal: signal.Signals

    def start(self, output: IO[bytes] | int | None) -> subprocess.Popen[bytes]:
        """Start it, and make its folder first if there is none."""

    def answers(self) -> bool:
        """Tell whether it takes requests."""

    def furnish(self) -> None:
        """Put into it what the portal needs before its first request."""


def end_with_parent(parent: int, by: signal.Signals) -> None:
    """Have the kernel send ``by`` to this process once ``parent`` is gone."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:  # it went before the kernel knew
        sys.exit(1)


def enter_namespace() -> None:
    """Make root look like nobody to this process, while its files stay root's."""
    uid, gid = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "no user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")


def spawn(
    command: list[str],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    account: Account = OURS,
    output: IO[bytes] | int | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    pass_fds: Iterable[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child that Ctrl-C does not reach and that ends with this process."""
    parent = os.getpid()

    def settle() -> None:
        if account.in_namespace:
            enter_namespace()
        end_with_parent(parent, stop_signal)

    return subprocess.Popen(  # noqa: S603 - commands are written in this package
        command,
        preexec_fn=settle,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        env=env,
        cwd=cwd,
        pass_fds=tuple(pass_fds),
        **account.switches,
    )


def stop(
    process: subprocess.Popen[bytes], by: signal.Signals, *, within: float = 15
) -> None:
    """Ask a child to stop; kill it, and what it left behind, if it does not."""
    process.send_signal(by)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill every process of the session of a child, and wait for the child."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def package_folder(name: str) -> Path:
    """Return the folder of an installed package without running its code."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"The package {name} is missing; run `make setup`.")
    return Path(spec.origin).parent


def server_account(program: Path) -> Account:
    """
    Return the account of a server that refuses to run as root.

    :raises CannotStart: if root may neither hide as nobody nor become nobody.
    """
    if os.getuid() != 0:
        return OURS
    for account in (Account(0, in_namespace=True), Account(NOBODY)):
        if _can_run(program, account):
            return account
    raise CannotStart(
        f"PostgreSQL may not run as root here, and the user nobody cannot reach "
        f"{program}; run the portal as an ordinary user, or from a folder that "
        f"everybody may enter."
    )


def _can_run(program: Path, account: Account) -> bool:
    try:
        version = spawn(
            [str(program), "--version"], account=account, output=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return version.wait() == 0
