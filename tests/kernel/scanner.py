"""A clamd that says what a test wants, over a real socket."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(threading.Thread):
    """Reads one file after another by INSTREAM; finds the test virus in them."""

    def __init__(self, listening: socket.socket, most: int) -> None:
        super().__init__(daemon=True)
        self.listening, self.most = listening, most
        self.received: list[bytes] = []

    def run(self) -> None:
        while True:
            try:
                caller, _address = self.listening.accept()
            except OSError:
                return
            with caller, caller.makefile("rwb") as stream:
                stream.write(self.verdict(stream) + b"\0")

    def verdict(self, stream) -> bytes:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", stream.read(4))[0]:
            content += stream.read(length)
        self.received.append(content)
        if len(content) > self.most:
            return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar FOUND" if EICAR in content else b"stream: OK"


@contextmanager
def clamd(place: Path | None = None, *, most: int = 10**9) -> Iterator[Clamd]:
    """Run a clamd on a socket in a folder, or on a port of this machine."""
    listening = socket.socket(socket.AF_UNIX if place else socket.AF_INET)
    listening.bind(str(place) if place else ("127.0.0.1", 0))
    listening.listen()
    server = Clamd(listening, most)
    server.start()
    try:
        yield server
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        server.join(timeout=5)
