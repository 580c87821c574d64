"""A mail server for tests: it takes, refuses, stalls and counts."""

import asyncio
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE | re.IGNORECASE)


class Sink:
    """
    What a server does with what it is sent.

    ``recipients`` and ``data`` hold answers for single addresses; after as
    many mails as stand in ``stalls`` it takes one and says nothing more.
    """

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.connections = 0
        self.recipients: dict[str, str] = {}
        self.data: dict[str, str] = {}
        self.stalls: set[int] = set()
        self.stalled = threading.Event()
        self.is_mute = False
        self.pause = 0.0

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.is_mute:
            await asyncio.sleep(3600)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if answer := self.recipients.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if answer := self.data.get(envelope.rcpt_tos[0]):
            return answer
        (message_id,) = MESSAGE_ID.findall(envelope.content)
        self.received[message_id.decode()] += 1
        if self.received.total() in self.stalls:
            self.stalled.set()
            await asyncio.sleep(3600)
        await asyncio.sleep(self.pause)
        return "250 OK"


class Counted(Controller):
    """Counts who connects."""

    def factory(self) -> SMTP:
        self.handler.connections += 1
        return super().factory()


@contextmanager
def serving(sink: Sink, port: int | None = None) -> Iterator[int]:
    """Serve at a free port of this machine."""
    port = port or free_port()
    controller = Counted(  # with a name, so that no name server is asked for one
        sink, hostname="127.0.0.1", port=port, server_hostname="sink.example"
    )
    controller.start()
    sink.connections = 0  # the controller tries its own door
    try:
        yield port
    finally:
        controller.stop(no_assert=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
