"""A set of child processes that live and end together."""

import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO

from .log import Log
from .processes import CannotStart, kill_group

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

#: How often a process that is not ready yet is asked again.
PAUSE = 0.03

Starter = Callable[[int], "subprocess.Popen[bytes]"]


class StopAsked(Exception):
    """Somebody wants all processes to stop."""


@dataclass(eq=False)
class Child:
    """A process, its place in the order of stopping, and its unfinished line."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    is_server: bool
    output: FileIO
    rest: bytes = b""

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None


class Children:
    """The processes of the portal: started one by one, watched and stopped as one."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.all: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.stop_asked = False

    def listen_to_signals(self) -> None:
        """Let Ctrl-C, a stop signal and the end of a child wake ``watch``."""
        reader, writer = socket.socketpair()
        reader.setblocking(False)
        writer.setblocking(False)
        self.selector.register(reader, selectors.EVENT_READ)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self.waker = writer
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOPS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note_stop)

    def start(
        self,
        name: str,
        starter: Starter,
        stop_signal: signal.Signals = signal.SIGTERM,
        *,
        is_server: bool = False,
    ) -> Child:
        """Start a child by ``starter``, which is told where its output goes."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        try:
            process = starter(writer)
        finally:
            os.close(writer)
        child = Child(name, process, stop_signal, is_server, FileIO(reader, "rb"))
        self.all.append(child)
        self.selector.register(child.output, selectors.EVENT_READ, child)
        return child

    def wait_until(
        self, answers: Callable[[], bool], what: str, within: float = 120
    ) -> None:
        """
        Ask until the answer is yes.

        :raises CannotStart: if a child ends meanwhile, or it takes too long.
        :raises StopAsked: if somebody asks to stop meanwhile.
        """
        deadline = time.monotonic() + within
        while not answers():
            self.watch(PAUSE)
            if time.monotonic() > deadline:
                raise CannotStart(f"{what} did not answer within {within:.0f} s.")

    def run(self, name: str, starter: Starter) -> None:
        """Run a child to its end, which must be a good one."""
        child = self.start(name, starter)
        while not child.ended:
            self._relay(None)
            self._check(besides=child)
        self._forget(child)
        if child.process.returncode:
            raise CannotStart(f"{name} failed; the lines above tell why.")

    def watch(self, patience: float | None = None) -> None:
        """
        Pass on what children say, for so long; for ever without ``patience``.

        :raises CannotStart: if a child ended.
        :raises StopAsked: if somebody asked to stop.
        """
        while True:
            self._relay(patience)
            self._check()
            if patience is not None:
                return

    def stop(self, within: float = 15) -> None:
        """Stop the last started first: programs together, then each server."""
        servers = [child for child in self.all if child.is_server]
        self._stop([child for child in self.all if not child.is_server], within)
        for server in reversed(servers):
            self._stop([server], within)

    def _stop(self, children: list[Child], within: float) -> None:
        deadline = time.monotonic() + within
        for child in children:
            child.process.send_signal(child.stop_signal)
        while not all(c.ended for c in children) and time.monotonic() < deadline:
            self._relay(0.1)
        for child in children:
            kill_group(child.process)
            self._forget(child)

    def _check(self, besides: Child | None = None) -> None:
        if self.stop_asked:
            raise StopAsked
        for child in self.all:
            if child is not besides and child.ended:
                self._read(child)
                code = child.process.returncode
                raise CannotStart(f"{child.name} ended by itself (exit code {code}).")

    def _relay(self, patience: float | None) -> None:
        for key, _ in self.selector.select(patience):
            if isinstance(key.data, Child):
                self._read(key.data)
            else:
                os.read(key.fd, 4096)

    def _read(self, child: Child) -> None:
        """Pass on the whole lines of what a child has written."""
        while said := child.output.read(65536):
            *lines, child.rest = (child.rest + said).split(b"\n")
            for line in lines:
                self.log.relay(child.name, line.decode(errors="replace"))
        if said == b"":  # nobody holds the other end: it would be ready for ever
            self._unregister(child)

    def _forget(self, child: Child) -> None:
        self._read(child)
        if child.rest:
            self.log.relay(child.name, child.rest.decode(errors="replace"))
        self._unregister(child)
        child.output.close()
        self.all.remove(child)

    def _unregister(self, child: Child) -> None:
        if child.output in self.selector.get_map():
            self.selector.unregister(child.output)

    def _note_stop(self, *_: object) -> None:
        self.stop_asked = True
