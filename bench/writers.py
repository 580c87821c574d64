"""How much many writers commit in a second, each in a process of its own."""

import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

from django.db import connections

#: What one writer does once: the number of the writer, and that of the time.
Write = Callable[[int, int], object]


def rate(write: Write, *, writers: int, times: int) -> float:
    """Return how many times a second all writers together have done it."""
    connections.close_all()  # none of them is for two processes
    fork = get_context("fork")
    together = fork.Barrier(writers + 1)
    processes = [
        fork.Process(target=_write, args=(write, writer, times, together))
        for writer in range(writers)
    ]
    for process in processes:
        process.start()
    together.wait()
    began = time.perf_counter()
    together.wait()
    took = time.perf_counter() - began
    for process in processes:
        process.join()
    failed = sum(process.exitcode != 0 for process in processes)
    if failed:
        raise LookupError(f"{failed} of {writers} writers failed")
    return writers * times / took


def _write(write: Write, writer: int, times: int, together: Any) -> None:
    """Connect, wait for all others, and write until done."""
    try:
        write(writer, 0)
        together.wait()
        for number in range(1, times + 1):
            write(writer, number)
        together.wait()
    except BaseException:
        together.abort()
        raise
