"""Start a portal as `make run` does, watch it, and see whether anything is left."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from inm_portal.embedded import CHECKOUT

STUB = [sys.executable, "-m", "tests.portal_process.stub_portal"]
READY = re.compile(r"Portal ready at (http://127\.0\.0\.1:(\d+))$")


class RunningPortal:
    """A portal in a process of its own, and what it says."""

    def __init__(self, state: Path, *command: str, **env: str) -> None:
        self.state = state
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command or STUB,
            cwd=CHECKOUT,
            env=clean_environment() | {"PORTAL_STATE": str(state), "PORT": "0"} | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._said: queue.Queue[str] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def wait_until_ready(self, within: float = 60) -> str:
        """Return the address that the portal says it answers at."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            line = self._said.get(timeout=within)
            if line == "":
                break
            if found := READY.search(line.rstrip()):
                return found[1]
        raise AssertionError("not ready:\n" + "".join(self.lines))

    def end(self, by: signal.Signals | None = None, within: float = 30) -> int:
        """Send a signal, and return the exit code."""
        if by:
            self.process.send_signal(by)
        return self.process.wait(within)

    def close(self) -> None:
        """Kill what is left of it."""
        self.process.kill()
        self.process.wait()
        kill_all(self.state)
        self._listener.join(10)
        assert self.process.stdout
        self.process.stdout.close()

    def said(self) -> str:
        """Return all that it has said, once it has ended."""
        self._listener.join(10)
        return "".join(self.lines)

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            self._said.put(line)
        self._said.put("")


def clean_environment() -> dict[str, str]:
    """Return the environment without what other tests or runs have set."""
    mine = ("DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTEST_", "DEMO", "MAKE", "MFLAGS")
    return {k: v for k, v in os.environ.items() if not k.startswith(mine)}


def family(state: Path) -> set[int]:
    """Return all processes that have ``state`` in environment or command line."""
    return {
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if int(process.name) != os.getpid() and _belongs(process, os.fsencode(state))
    }


def _belongs(process: Path, state: bytes) -> bool:
    try:
        told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
    except OSError:
        return False
    return state in told


def eventually(holds: Callable[[], bool], within: float = 15) -> bool:
    """Ask until something holds; tell whether it did in time."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def nobody_is_left(state: Path) -> bool:
    """Tell whether, soon, no process of a portal runs any more."""
    return eventually(lambda: not family(state))


def kill_all(state: Path) -> None:
    """Kill every process of a portal at once, as a power cut would."""
    while pids := family(state):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.01)
