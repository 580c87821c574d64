"""What all processes of the portal say, as one log on the screen and in a file."""

import os
import select
import sys
from datetime import UTC, datetime
from pathlib import Path

COLOURS = {
    "postgresql": 34,
    "valkey": 31,
    "prepare": 33,
    "web": 32,
    "worker": 35,
    "beat": 36,
}

#: Advice on the machine, and answers to the question whether PostgreSQL is ready.
NOISE = ("Memory overcommit must be enabled", "the database system is starting up")


class Log:
    """A log whose reader may be slow or gone: the processes never wait for it."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            path.replace(path.with_suffix(".log.1"))
        self.file = path.open("a", encoding="utf-8", buffering=1)
        self.coloured = sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))
        self.patience = 1.0

    def relay(self, name: str, line: str) -> None:
        """Pass on one line of a process."""
        if not line.strip() or any(noise in line for noise in NOISE):
            return
        self.keep(f"{name:10} | {line}")
        label = f"{name:10} |"
        if self.coloured:
            label = f"\x1b[{COLOURS.get(name, 37)}m{label}\x1b[0m"
        self._show(f"{label} {line}")

    def say(self, line: str) -> None:
        """Say something of the portal as a whole."""
        self.keep(line)
        self._show(line)

    def keep(self, line: str) -> None:
        """Write to the file alone."""
        try:
            self.file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {line}\n")
        except OSError:
            return  # the disk is full: the screen still tells

    def _show(self, line: str) -> None:
        """Write to the screen if it takes more; if it does not, stop waiting for it."""
        try:
            _, writable, _ = select.select([], [1], [], self.patience)
            self.patience = 1.0 if writable else 0.0
            if writable:
                os.write(1, f"{line}\n".encode(errors="replace")[-select.PIPE_BUF :])
        except OSError:
            self.patience = 0.0
