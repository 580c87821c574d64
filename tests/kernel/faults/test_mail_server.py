"""MSG-03: a mail server that is down, slow or refusing delays mail and nothing else."""

import pytest
from django.db import OperationalError

from inm_portal.kernel import bounces, message_steps, outbox, sending
from inm_portal.kernel.models import Because, Message, MessageState

from ..letters import DAY, MINUTE, NOW, queue, state
from .sink import Sink, free_port, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def server(sink, settings):
    """Return how the sink is reached, while it serves."""
    with serving(sink) as port:
        settings.EMAIL_BACKEND = "inm_portal.kernel.wire.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_TIMEOUT = 0.5
        yield port


def times(sink: Sink, message: Message) -> int:
    return sink.received[message.message_id]


def test_all_that_is_due_goes_over_one_connection(sink, server):
    messages = [queue(str(number)) for number in range(45)]

    sent = outbox.send_due(at=NOW)

    assert (sent, sink.connections) == (45, 1)
    assert sink.received == {message.message_id: 1 for message in messages}


@pytest.mark.django_db(transaction=True)
def test_what_is_held_while_others_go_out_does_not(sink, server, monkeypatch):
    first, second, third = (queue(str(number)) for number in range(3))
    mail_of = sending.mail_of

    def write_out(message, connection):
        if message == second:
            message_steps.hold(third, reason="Wrong text", by=None)
        return mail_of(message, connection)

    monkeypatch.setattr(sending, "mail_of", write_out)
    outbox.send_due(at=NOW)

    assert [state(message) for message in (first, second, third)] == [
        *[MessageState.SENT] * 2,
        MessageState.HELD,
    ]
    assert times(sink, third) == 0


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_is_known_though_the_next_cannot_be_begun(
    sink, server, monkeypatch
):
    """A run that ends there leaves no mail on the wire, to go out once more."""
    first, second = queue("1"), queue("2")
    monkeypatch.setattr(sending, "Aside", refused)

    with pytest.raises(OperationalError):
        outbox.send_due(at=NOW)

    assert (state(first), times(sink, first)) == (MessageState.SENT, 1)
    monkeypatch.undo()
    outbox.send_due(at=NOW + 11 * MINUTE)
    assert [times(sink, message) for message in (first, second)] == [1, 1]


def refused(*_args):
    raise OperationalError("too many connections")


def test_each_answer_means_what_it_says(sink, server):
    sink.recipients = {
        "unknown@x.example": "550 5.1.1 no such person",
        "policy@x.example": "554 5.7.1 not from you",
        "grey@x.example": "451 4.7.1 later",
    }
    sink.data = {"spam@x.example": "554 looks bad", "full@x.example": "452 full"}
    messages = {
        who: queue(who, to=f"{who}@x.example")
        for who in ["unknown", "policy", "grey", "spam", "full", "ada"]
    }

    outbox.send_due(at=NOW)

    assert {who: state(message) for who, message in messages.items()} == {
        "unknown": MessageState.FAILED,
        "policy": MessageState.FAILED,
        "grey": MessageState.QUEUED,
        "spam": MessageState.FAILED,
        "full": MessageState.QUEUED,
        "ada": MessageState.SENT,
    }
    assert messages["unknown"].error == "SMTPRecipientsRefused 550 5.1.1"
    assert [who for who in messages if bounces.is_bounced(f"{who}@x.example")] == [
        "unknown"
    ]


@pytest.mark.parametrize(
    ("once", "is_now", "arrived"),
    [(False, MessageState.SENT, 2), (True, MessageState.UNCLEAR, 1)],
)
def test_silence_after_the_data_is_told_from_a_refusal(
    sink, server, once, is_now, arrived
):
    message = queue(once=once)
    sink.stalls = {1}

    outbox.send_due(at=NOW)
    outbox.send_due(at=NOW + 5 * MINUTE)
    outbox.send_due(at=NOW + DAY)

    assert state(message) == is_now
    assert times(sink, message) == arrived


def test_silence_before_the_data_is_a_mail_that_was_never_sent(sink, server):
    message, other = queue("1", once=True), queue("2", once=True)
    sink.is_mute = True

    outbox.send_due(at=NOW)

    assert [state(message), state(other)] == [MessageState.QUEUED] * 2
    assert [message.attempts, other.attempts] == [1, 0]
    assert message.lapses == 0
    sink.is_mute = False
    assert outbox.send_due(at=NOW + 2 * MINUTE) == 2


def test_a_slow_server_only_takes_longer(sink, server):
    sink.pause = 0.05
    for number in range(10):
        queue(str(number))

    assert outbox.send_due(at=NOW) == 10


def test_after_a_day_without_a_server_only_what_is_still_true_goes_out(sink, settings):
    """Case 108: the backlog; what expired is dropped and listed."""

    @outbox.rechecked("test/paid")
    def check(message, *, at):
        return "Paid meanwhile" if at > NOW + DAY else ""

    port = free_port()
    settings.EMAIL_BACKEND = "inm_portal.kernel.wire.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    true, late = queue("1"), queue("2", expires_at=NOW + DAY / 2)
    paid = queue("3", kind="test/paid")
    for minute in range(0, 24 * 60, 30):
        outbox.send_due(at=NOW + minute * MINUTE)

    with serving(sink, port):
        outbox.send_due(at=NOW + DAY + MINUTE)

    assert [state(m) for m in (true, late, paid)] == [
        MessageState.SENT,
        MessageState.CANCELLED,
        MessageState.CANCELLED,
    ]
    assert [m.because for m in (late, paid)] == [Because.EXPIRED, Because.UNTRUE]
    assert set(sink.received) == {true.message_id}
    assert true.attempts == 1
