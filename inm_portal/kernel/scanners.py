"""The scanner that looks into files before anybody may have them."""

import socket
import struct
from collections.abc import Callable
from functools import partial
from typing import IO
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

CHUNK = 64 * 1024
PATIENCE = 60
CLAMD_PORT = 3310


class ScannerAway(Exception):
    """The scanner gave no verdict."""


def is_there() -> bool:
    """Say whether files are scanned at all; real portals do not start without."""
    return bool(settings.SCANNER)


def is_clean(file: IO[bytes]) -> bool:
    """
    Say whether the scanner finds nothing in a file.

    ``SCANNER`` is the address of a ``clamd``, or the dotted path of a function
    that is given the file and answers this.

    :raises ScannerAway: if it gives no verdict.
    """
    address = urlsplit(settings.SCANNER)
    if address.scheme == "clamd":
        return _ask_clamd(file, address)
    ask: Callable[[IO[bytes]], bool] = import_string(settings.SCANNER)
    return ask(file)


def _ask_clamd(file: IO[bytes], address: SplitResult) -> bool:
    """Send a file by INSTREAM: each piece after its length, and a zero at the end."""
    try:
        with _connect(address) as clamd:
            clamd.sendall(b"zINSTREAM\0")
            for piece in iter(partial(file.read, CHUNK), b""):
                clamd.sendall(struct.pack("!I", len(piece)) + piece)
            clamd.sendall(struct.pack("!I", 0))
            said = b"".join(iter(partial(clamd.recv, CHUNK), b"")).rstrip(b"\0\n")
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    if said.endswith(b" FOUND"):
        return False
    if said != b"stream: OK":
        raise ScannerAway("no verdict")
    return True


def _connect(address: SplitResult) -> socket.socket:
    if address.hostname:
        place = address.hostname, address.port or CLAMD_PORT
        return socket.create_connection(place, timeout=PATIENCE)
    clamd = socket.socket(socket.AF_UNIX)
    clamd.settimeout(PATIENCE)
    try:
        clamd.connect(address.path)
    except OSError:
        clamd.close()
        raise
    return clamd
