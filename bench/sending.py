"""What sending costs beside the same mails over one reused SMTP connection."""

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.utils import timezone

from inm_portal.embedded import CHECKOUT
from inm_portal.kernel import mails, outbox
from inm_portal.kernel.models import Letter, Message, MessageState

from .figures import Figure, Probe

MAILS = 500
TIMES = 9
#: At least 0.8 of the rate is at most 1.25 of the time.
LIMIT = 1.25
KIND = "bench"
BACKEND = "inm_portal.kernel.wire.EmailBackend"


def probes() -> Iterator[Probe]:
    yield Probe("sending", sending)


def sending(_bench: Any) -> Iterator[Figure]:
    letter = mails.render(
        "account/email/password_changed",
        {"timestamp": timezone.now(), "ip": "192.0.2.1", "user_agent": "Firefox"},
    )
    with sink() as port:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = BACKEND, "127.0.0.1"
        settings.EMAIL_PORT = port
        pairs = [(by_outbox(letter), straight(letter)) for _ in range(TIMES)]
    connection.close()
    yield Figure(
        "sending",
        rate(statistics.median(ours for ours, _ in pairs)),
        rate(statistics.median(plain for _, plain in pairs)),
        statistics.median(ours / plain for ours, plain in pairs),
        LIMIT,
    )


def rate(seconds: float) -> str:
    return f"{MAILS / seconds:,.0f}/s"


def straight(letter: Letter) -> float:
    """Send the mails over one connection; keep no account of them."""
    began = time.perf_counter()
    server = get_connection()
    server.open()
    for number in range(MAILS):
        mail = EmailMultiAlternatives(
            letter.subject, letter.text, to=[f"{number}@x.example"]
        )
        mail.attach_alternative(letter.html, "text/html")
        server.send_messages([mail])
    server.close()
    return time.perf_counter() - began


def by_outbox(letter: Letter) -> float:
    """Send the same mails as the worker does; only what lies there for the bench."""
    now = timezone.now()
    Message.objects.filter(kind=KIND).delete()
    Message.objects.bulk_create(
        Message(
            kind=KIND,
            recipient=f"{number}@x.example",
            slot=str(number),
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            is_asked=True,
            not_before=now,
        )
        for number in range(MAILS)
    )
    began = time.perf_counter()
    outbox.send_due(at=now)
    took = time.perf_counter() - began
    sent = Message.objects.filter(kind=KIND, state=MessageState.SENT).count()
    if sent != MAILS:
        raise LookupError(f"{sent} of {MAILS} mails were sent")
    return took


@contextmanager
def sink() -> Iterator[int]:
    """Run a mail server beside this process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sink", str(port)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
    )
    try:
        process.stdout.readline()  # type: ignore[union-attr]
        yield port
    finally:
        process.terminate()
        process.wait()
