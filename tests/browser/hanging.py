"""Pages that hang: nothing that asks them something has a limit of its own."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: No test takes so many seconds unless a page of it hangs.
LONGEST = 150


def end_pages() -> None:
    """Kill the pages of this process's browsers; whoever waits for one is told."""
    parents = dict(_processes())
    for key in parents:
        if _is_page(key) and os.getpid() in _above(key, parents):
            with suppress(ProcessLookupError):
                os.kill(key, signal.SIGKILL)


def _processes() -> Iterator[tuple[int, int]]:
    """Yield each process with the one that started it."""
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = (place / "stat").read_text().rpartition(")")[2].split()
            yield int(place.name), int(told[1])


def _is_page(key: int) -> bool:
    with suppress(OSError):
        return b"--type=renderer" in Path(f"/proc/{key}/cmdline").read_bytes()
    return False


def _above(key: int, parents: dict[int, int]) -> Iterator[int]:
    while key := parents.get(key, 0):
        yield key
