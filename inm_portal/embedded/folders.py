"""Folders of the servers: who may enter them, who works in them, how full they are."""

import errno
import os
import shutil
import signal
import stat
import time
from pathlib import Path

from .processes import NOBODY, Account, CannotStart

MEGABYTE = 1024 * 1024
ROOM_FOR_A_CLUSTER = 200 * MEGABYTE
ROOM_TO_RUN = 20 * MEGABYTE


def private_folder(folder: Path, account: Account) -> None:
    """
    Make a folder that only ``account`` and root may enter.

    :raises CannotStart: if it is there and belongs to somebody else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    may_be_nobodys = {NOBODY} if os.getuid() == 0 else set()  # from an earlier start
    ours = found.st_uid in {os.getuid(), account.uid} | may_be_nobodys
    if not (ours and stat.S_ISDIR(found.st_mode)):
        raise CannotStart(f"{folder} belongs to somebody else; have it removed.")
    folder.chmod(0o700)
    give(folder, account)


def holders(data: Path) -> list[int]:
    """Return the processes of PostgreSQL that work in a data folder."""
    processes = Path("/proc").glob("[0-9]*")
    return [int(process.name) for process in processes if _works_in(data, process)]


def _works_in(data: Path, process: Path) -> bool:
    try:
        if (process / "comm").read_text() != "postgres\n":
            return False
        if os.fsencode(data) in (process / "cmdline").read_bytes().split(b"\0"):
            return True
        return (process / "cwd").samefile(data)
    except OSError:  # it has ended, or is somebody else's
        return False


def end_all(folder: Path, by: signal.Signals) -> bool:
    """Send ``by`` to all that work in a folder; tell whether all are gone."""
    deadline = time.monotonic() + 5
    for pid in holders(folder):
        try:
            os.kill(pid, by)
        except ProcessLookupError:
            continue
    while holders(folder) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not holders(folder)


def give(folder: Path, account: Account) -> None:
    """Give a folder and all in it to an account, unless it has it."""
    if folder.stat().st_uid == account.uid:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, account.uid, account.uid, follow_symlinks=False)


def check_room(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def sentence(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return full_disk(error.filename)
    return f"{error.filename} cannot be used: {error.strerror}."


def full_disk(place: str | Path) -> str:
    needed = ROOM_FOR_A_CLUSTER // MEGABYTE
    return f"The disk of {place} is full; the portal needs {needed} MB to start."
