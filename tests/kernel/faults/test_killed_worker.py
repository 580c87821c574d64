"""MSG-01: a killed worker loses no mail, and repeats at most what was on the wire."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from inm_portal.kernel import outbox
from inm_portal.kernel.models import Message, MessageState

from ..letters import LETTER, MINUTE, NOW
from .sink import Sink, serving

DUE = 1000
#: The server takes so many mails, and the worker dies while the next has no answer.
KILLED_AFTER = (3, 104, 300, 601)


@contextmanager
def worker(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command that sends, as a process of its own."""
    connection.ensure_connection()
    at = connection.connection.info
    url = f"postgresql://{at.user}@/{at.dbname}?host={at.host}&port={at.port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "send_outbox"],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.kernel.faults.settings",
            "DATABASE_URL": url,
            "SINK_PORT": str(port),
        },
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def write_all() -> None:
    """A thousand messages; each third is dues, which must never arrive twice."""
    Message.objects.bulk_create(
        Message(
            kind="test",
            recipient=f"{number}@x.example",
            slot="1",
            subject=LETTER.subject,
            text=LETTER.text,
            not_before=NOW,
            is_once=number % 3 == 0,
        )
        for number in range(DUE)
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_again_and_again_leaves_nobody_out():
    write_all()
    sink = Sink()
    sink.stalls = set(KILLED_AFTER)
    with serving(sink) as port:
        for _time in KILLED_AFTER:
            with worker(port):
                assert sink.stalled.wait(60)
            sink.stalled.clear()
        sink.stalls = set()
        with worker(port) as last:
            assert last.wait(60) == 0
        assert_truth_of_what_killed_workers_left(sink)
        finish(port)

    messages = list(Message.objects.all())
    unclear = [m for m in messages if m.state == MessageState.UNCLEAR]
    repeated = [m for m in messages if sink.received[m.message_id] > 1]
    assert {m.state for m in messages} <= {MessageState.SENT, MessageState.UNCLEAR}
    assert [m for m in messages if not sink.received[m.message_id]] == []
    assert [m for m in repeated if m.is_once or sink.received[m.message_id] > 2] == []
    assert [m for m in unclear if not m.is_once] == []
    assert len(repeated) + len(unclear) == len(KILLED_AFTER)


def assert_truth_of_what_killed_workers_left(sink: Sink) -> None:
    """Before anything lapses: each row says what a reader of the server would."""
    on_wire = Message.objects.filter(state=MessageState.ON_WIRE)
    assert on_wire.count() == len(KILLED_AFTER)
    assert {sink.received[m.message_id] for m in on_wire} == {1}
    claimed = Message.objects.filter(state=MessageState.CLAIMED)
    assert {sink.received[m.message_id] for m in claimed} <= {0}
    sent = Message.objects.filter(state=MessageState.SENT)
    assert {sink.received[m.message_id] for m in sent} == {1}


def finish(port: int) -> None:
    """Let every claim lapse, and send what is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "EMAIL_BACKEND", "inm_portal.kernel.wire.EmailBackend")
        patch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
        patch.setattr(settings, "EMAIL_PORT", port)
        outbox.send_due(at=NOW + 60 * MINUTE)
