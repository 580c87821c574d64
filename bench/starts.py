"""How long ``make run`` takes at first, and later."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inm_portal.embedded import CHECKOUT
from inm_portal.embedded.processes import CannotStart
from inm_portal.supervisor import claim

from .figures import Figure, Probe
from .stand import plain_environment

READY = b"Portal ready"
LIMIT = 0.5


def probes() -> Iterator[Probe]:
    yield Probe("warm start", warm_start)


def warm_start(_: Any) -> Iterator[Figure]:
    """Start the portal in a fresh folder, then twice more."""
    state = Path(tempfile.mkdtemp(prefix="portal-"))
    try:
        cold = start(state)
        warm = min(start(state) for _ in range(2))
    finally:
        shutil.rmtree(state, ignore_errors=True)
    yield Figure(
        "warm start beside cold start",
        f"{warm:.1f} s",
        f"{cold:.1f} s",
        warm / cold,
        LIMIT,
    )


def start(state: Path) -> float:
    """
    Return the seconds until the portal says that it is ready; stop it then.

    :raises CannotStart: if it never says so.
    """
    listener = claim(0)
    port = str(listener.getsockname()[1])
    listener.close()
    extra = {"PORTAL_STATE": str(state), "PORT": port, "DEMO": "1"}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "inm_portal.supervisor"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=plain_environment() | extra,
        cwd=CHECKOUT,
    )
    try:
        return _ready(process) - began
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _ready(process: subprocess.Popen[bytes]) -> float:
    said = []
    for line in process.stdout or ():
        said.append(line.decode(errors="replace"))
        if READY in line:
            return time.monotonic()
    raise CannotStart("".join(said))
