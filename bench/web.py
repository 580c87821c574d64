"""The web server that is measured, and those who visit it."""

import gzip
import http.client
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from inm_portal.embedded import CHECKOUT
from inm_portal.embedded.processes import CannotStart, spawn, stop
from inm_portal.supervisor import claim, portal_programs

from . import processes
from .stand import state

APPLICATION = "inm_portal.wsgi"


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.raw) if packed else self.raw).decode()


@dataclass
class Web:
    """A running web server with one worker."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def worker(self) -> int:
        """Return the process that answers."""
        (worker,) = processes.children_of(self.process.pid)
        return worker


@contextmanager
def serving(
    environment: Mapping[str, str], application: str = APPLICATION
) -> Iterator[Web]:
    """Serve as ``make run`` does, but with one worker."""
    (state() / "web").mkdir(mode=0o700, exist_ok=True)
    listener = claim(0)
    command = portal_programs(state(), listener.fileno())["web"]
    command = ["--workers=1" if "--workers=" in part else part for part in command]
    command[command.index(APPLICATION)] = application
    with (state() / "web.log").open("ab") as said:
        process = spawn(
            command,
            output=said,
            env=dict(environment),
            cwd=CHECKOUT,
            pass_fds=[listener.fileno()],
        )
        web = Web(process, listener.getsockname()[1])
        listener.close()
        try:
            _wait_for(web)
            yield web
        finally:
            stop(process, signal.SIGTERM)


def _wait_for(web: Web, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and web.process.poll() is None:
        try:
            Visitor(web.port).get("/healthz")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise CannotStart("The web server does not answer; web.log tells why.")


@dataclass
class Visitor:
    """Somebody who asks for one page after another over one connection."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, path: str) -> http.client.HTTPResponse:
        """Send a request and return the answer before its body is read."""
        headers = {"Accept-Encoding": "gzip"} | self.headers
        try:
            self.connection.request("GET", path, headers=headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()  # it was idle for too long
            self.connection.request("GET", path, headers=headers)
            return self.connection.getresponse()

    def get(self, path: str) -> Answer:
        response = self.ask(path)
        raw = response.read()
        return Answer(response.status, dict(response.headers), raw)

    def page(self, path: str) -> Answer:
        """
        Return a page that must be there.

        :raises LookupError: if the server answers anything but the page.
        """
        answer = self.get(path)
        if answer.status != 200:
            raise LookupError(f"{path} answered {answer.status}")
        return answer
