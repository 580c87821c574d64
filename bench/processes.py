"""What processes have cost so far, as the kernel of the machine counts it."""

import os
from pathlib import Path

MIB = 1024 * 1024
PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def children_of(parent: int) -> list[int]:
    """Return the processes that ``parent`` started and that still run."""
    pids = [int(path.name) for path in PROC.glob("[0-9]*")]
    return [pid for pid in pids if (stat := _stat(pid)) and int(stat[1]) == parent]


def processor_time(pid: int) -> float:
    """Return the seconds that all threads of a process have computed."""
    threads = (PROC / str(pid) / "task").glob("*/schedstat")
    nanoseconds = sum(int(thread.read_text().split()[0]) for thread in threads)
    return nanoseconds / 1e9 if nanoseconds else _ticks(pid, slice(11, 13))


def time_of_ended_children(pid: int) -> float:
    """Return the seconds that former children of a process have computed."""
    return _ticks(pid, slice(13, 15))


def title(pid: int) -> str:
    """Return what a process calls itself."""
    try:
        line = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:  # it has ended
        return ""
    return line.replace(b"\0", b" ").decode(errors="replace").strip()


def memory(pid: int) -> float:
    """Return the MiB of a process; what several share counts in equal parts."""
    return _kilobytes(pid, "smaps_rollup", "Pss:") * 1024 / MIB


def resident(pid: int) -> float:
    """Return the MiB of a process that are in memory now."""
    return _kilobytes(pid, "status", "VmRSS:") * 1024 / MIB


def peak(pid: int) -> float:
    """Return the most MiB that were in memory since `forget_peak`."""
    return _kilobytes(pid, "status", "VmHWM:") * 1024 / MIB


def forget_peak(pid: int) -> None:
    (PROC / str(pid) / "clear_refs").write_text("5")


def _stat(pid: int) -> list[str]:
    """Return the fields that follow a process's name; none when it has ended."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _ticks(pid: int, fields: slice) -> float:
    return sum(int(field) for field in _stat(pid)[fields]) / TICKS


def _kilobytes(pid: int, file: str, name: str) -> int:
    for line in (PROC / str(pid) / file).read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise LookupError(f"{file} of process {pid} has no {name}")
