"""``docker/way_out.py``: to the issuers that are named, and nowhere else."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from ..accounts.institution import TestInstitution, serving
from . import variables

START = """
import asyncio, sys
sys.path.insert(0, {folder!r})
import way_out
asyncio.run(way_out.main("127.0.0.1", {port}))
"""


@pytest.fixture
def issuer() -> Iterator[int]:
    with serving(TestInstitution()) as institution:
        yield int(institution.issuer.rpartition(":")[2])


@pytest.fixture
def way_out(issuer: int) -> Iterator[int]:
    """A way out to the issuer; the port on which it takes calls."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = START.format(folder=str(variables.ROOT / "docker"), port=port)
    named = {**os.environ, "OIDC_HOSTS": f"idp.test, 127.0.0.1:{issuer}"}
    process = subprocess.Popen([sys.executable, "-c", script], env=named)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)


def said(port: int, *words: str) -> str:
    """Return what comes back to some words, each sent after an answer."""
    answers = b""
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        for part in words:
            line.sendall(part.encode())
            answers += line.recv(65536)
        line.shutdown(socket.SHUT_WR)
        while part := line.recv(65536):
            answers += part
    return answers.decode()


def test_an_issuer_that_is_named_is_reached(way_out, issuer):
    told = said(
        way_out,
        f"CONNECT 127.0.0.1:{issuer} HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /keys HTTP/1.0\r\n\r\n",
    )

    assert told.startswith("HTTP/1.1 200 ")
    assert '"kid": "one"' in told


@pytest.mark.parametrize(
    "asked",
    [
        "CONNECT 127.0.0.1:5432 HTTP/1.1\r\n\r\n",
        "CONNECT idp.test:80 HTTP/1.1\r\n\r\n",
        "CONNECT idp.test.evil.test:443 HTTP/1.1\r\n\r\n",
        "CONNECT user@idp.test:443 HTTP/1.1\r\n\r\n",
        "GET http://idp.test/ HTTP/1.1\r\nHost: idp.test\r\n\r\n",
    ],
)
def test_nothing_else_is(way_out, asked):
    assert said(way_out, asked).startswith("HTTP/1.1 403 ")
