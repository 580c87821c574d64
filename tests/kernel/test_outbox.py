"""MSG-01 to MSG-05: no mail is lost, none is sent twice without a word."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from celery import Celery, current_app
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, OperationalError, connection, transaction

from inm_portal.kernel import claims, context, outbox, outcomes
from inm_portal.kernel.models import Because, Bounce, Letter, Message, MessageState

from ..factories.accounts import UserFactory
from .letters import DAY, LOCMEM, MINUTE, NOW, claim, put_on_wire, queue, state

pytestmark = pytest.mark.django_db
SERVERS = "tests.kernel.servers"


def about(seconds: timedelta) -> timedelta:
    """Return a wait without what the run itself took."""
    return timedelta(seconds=round(seconds.total_seconds(), -1))


class TestWriting:
    def test_a_mail_goes_out_once_in_both_forms_under_its_own_id(self):
        message = queue()

        sent = [outbox.send_due(at=NOW) for _ in range(2)]

        assert sent == [1, 0]
        (letter,) = mail.outbox
        assert (letter.subject, letter.body, letter.to) == (
            "Subject",
            "Text",
            ["a@x.example"],
        )
        assert letter.alternatives == [("<p>Text</p>", "text/html")]
        assert letter.extra_headers["Message-ID"] == message.message_id
        assert state(message) == MessageState.SENT

    def test_the_same_slot_is_the_same_message(self):
        assert queue("1") == queue("1") != queue("2")

    def test_another_object_is_another_message(self):
        one, two = UserFactory(), UserFactory()

        assert queue(about=one) == queue(about=one) != queue(about=two) != queue()

    def test_a_person_is_known_beside_the_address(self):
        person = UserFactory()

        message = queue(to=person)

        assert (message.to, message.recipient) == (person, person.email)

    def test_the_request_that_wrote_it_stands_on_it(self):
        token = context.request_id.set("abc")
        try:
            message = queue()
        finally:
            context.request_id.reset(token)

        assert message.request_id == "abc"

    def test_a_mail_of_a_change_that_was_rolled_back_is_not_there(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            queue()
            raise ZeroDivisionError

        assert not Message.objects.exists()

    def test_the_database_refuses_a_second_message_of_a_slot(self):
        message = queue()

        with pytest.raises(IntegrityError, match="message_is_written_once"):
            Message.objects.create(
                kind=message.kind, recipient="a@x.example", slot="1", not_before=NOW
            )

    def test_a_transaction_wakes_the_worker_once(
        self, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks() as hooks:
            queue("1")
            queue("2")

        assert len(hooks) == 1


class TestBeforeTheWire:
    def test_nothing_goes_out_before_its_time(self):
        queue()

        assert outbox.send_due(at=NOW - timedelta(seconds=1)) == 0

    def test_what_somebody_waits_for_goes_first(self):
        queue("1")
        queue("2", asked=True, at=NOW)

        outbox.send_due(at=NOW)

        ids = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
        asked = Message.objects.get(slot="2")
        assert ids[0] == asked.message_id

    def test_what_would_come_too_late_is_dropped_and_listed(self):
        late, early = queue("1", expires_at=NOW + MINUTE), queue("2")

        outbox.send_due(at=NOW + 2 * MINUTE)

        assert state(late) == MessageState.CANCELLED
        assert late.because == Because.EXPIRED
        assert state(early) == MessageState.SENT

    def test_what_is_no_longer_true_is_dropped_and_says_why(self):
        @outbox.rechecked("test/untrue")
        def check(message, *, at):
            return f"Paid on {at:%b %d}"

        message = queue(kind="test/untrue")

        assert outbox.send_due(at=NOW) == 0
        assert state(message) == MessageState.CANCELLED
        assert message.because == Because.UNTRUE
        assert message.reason == f"Paid on {NOW:%b %d}"

    def test_a_check_may_say_it_as_it_is_now(self):
        @outbox.rechecked("test/rewritten")
        def check(message, *, at):
            message.subject = "Two invoices"
            return ""

        queue(kind="test/rewritten")
        outbox.send_due(at=NOW)

        assert mail.outbox[0].subject == Message.objects.get().subject == "Two invoices"

    def test_a_check_that_fails_holds_up_nobody_and_is_parked_in_the_end(self):
        @outbox.rechecked("test/broken")
        def check(message, *, at):
            return Message.objects.raw("SELECT 1/0 AS id")[0].pk

        broken, other = queue(kind="test/broken"), queue("2")
        for day in range(15):
            outbox.send_due(at=NOW + day * DAY)

        assert state(other) == MessageState.SENT
        assert state(broken) == MessageState.FAILED
        assert broken.error == "DataError"

    def test_a_check_that_fails_for_a_moment_costs_no_mail(self):
        @outbox.rechecked("test/moment")
        def check(message, *, at):
            if at < NOW + MINUTE / 2:
                raise OperationalError
            return ""

        message = queue(kind="test/moment")

        assert outbox.send_due(at=NOW) == 0
        assert outbox.send_due(at=NOW + 2 * MINUTE) == 1
        assert state(message) == MessageState.SENT

    def test_a_claim_whose_worker_ended_goes_back_and_out(self):
        message = queue()
        claim()

        too_early = outbox.send_due(at=NOW + 4 * MINUTE)
        again = outbox.send_due(at=NOW + 6 * MINUTE)

        assert (too_early, again) == (0, 1)
        assert state(message) == MessageState.SENT
        assert (message.attempts, message.lapses) == (1, 0)

    def test_who_lost_a_claim_sends_nothing(self):
        queue()
        (message,) = claim()
        outbox.send_due(at=NOW + 6 * MINUTE)

        with pytest.raises(outcomes.ClaimLost):
            outcomes.put_on_wire(message, at=NOW + 7 * MINUTE)

        assert len(mail.outbox) == 1


class TestOnTheWire:
    def test_what_a_killed_worker_left_is_sent_once_more(self):
        message = queue()
        put_on_wire()

        too_early = outbox.send_due(at=NOW + 9 * MINUTE)
        again = outbox.send_due(at=NOW + 11 * MINUTE)

        assert (too_early, again) == (0, 1)
        assert mail.outbox[0].extra_headers["Message-ID"] == message.message_id

    def test_what_is_left_twice_is_unclear_and_waits_for_a_person(self):
        message = queue()
        for number in range(2):
            put_on_wire(NOW + number * 11 * MINUTE)
            claims.recover(at=NOW + (number + 1) * 11 * MINUTE)

        assert outbox.send_due(at=NOW + DAY) == 0
        assert state(message) == MessageState.UNCLEAR

    def test_what_must_not_arrive_twice_waits_for_a_person_at_once(self):
        message = queue(once=True)
        put_on_wire()

        assert outbox.send_due(at=NOW + 11 * MINUTE) == 0
        assert state(message) == MessageState.UNCLEAR

    @pytest.mark.parametrize(("once", "states"), [(False, "queued"), (True, "unclear")])
    def test_a_server_that_takes_a_mail_in_silence_leaves_it_so(
        self, settings, once, states
    ):
        settings.EMAIL_BACKEND = f"{SERVERS}.Silent"
        message = queue(once=once)

        outbox.send_due(at=NOW)

        assert state(message) == states
        assert (message.lapses, message.error) == (1, "SMTPServerDisconnected")

    def test_what_opens_something_is_forgotten_once_sent(self):
        message = queue(opens_something=True)

        outbox.send_due(at=NOW)

        message.refresh_from_db()
        assert (message.text, message.html) == ("", "")

    @pytest.mark.parametrize("server", ["Refusing", "Silent"])
    def test_what_opens_something_is_forgotten_when_it_is_over(self, settings, server):
        settings.EMAIL_BACKEND = f"{SERVERS}.{server}"
        message = queue(opens_something=True, once=True)

        outbox.send_due(at=NOW)

        assert state(message) in (MessageState.FAILED, MessageState.UNCLEAR)
        assert (message.text, message.html) == ("", "")


class TestAnswers:
    def test_a_refusal_for_good_is_not_tried_again(self, settings):
        settings.EMAIL_BACKEND = f"{SERVERS}.Refusing"
        message = queue()

        outbox.send_due(at=NOW)

        assert state(message) == MessageState.FAILED
        assert message.error == "SMTPRecipientsRefused 550 5.1.1"

    @pytest.mark.parametrize(("server", "first"), [("Busy", 1), ("Full", 60)])
    def test_a_bad_moment_delays_a_mail_longer_each_time(self, settings, server, first):
        settings.EMAIL_BACKEND = f"{SERVERS}.{server}"
        message = queue()
        waits, at = [], NOW
        for _ in range(3):
            outbox.send_due(at=at)
            message.refresh_from_db()
            waits.append(about(message.not_before - at))
            at = message.not_before

        assert waits == [first * n * MINUTE for n in (1, 2, 4)]
        assert message.state == MessageState.QUEUED

    def test_a_server_that_is_busy_for_a_day_costs_no_mail(self, settings):
        settings.EMAIL_BACKEND = f"{SERVERS}.Busy"
        message, at = queue(), NOW
        while at < NOW + DAY:
            outbox.send_due(at=at)
            message.refresh_from_db()
            at = max(at + MINUTE, message.not_before)

        settings.EMAIL_BACKEND = LOCMEM

        assert outbox.send_due(at=at) == 1

    def test_after_fourteen_attempts_it_is_no_use(self, settings):
        settings.EMAIL_BACKEND = f"{SERVERS}.Busy"
        message = queue()

        for day in range(15):
            outbox.send_due(at=NOW + day * DAY)

        assert state(message) == MessageState.FAILED
        assert message.attempts == 14

    @pytest.mark.parametrize("server", ["Away", "Unfriendly"])
    def test_a_server_that_is_away_costs_no_attempt(self, settings, server):
        settings.EMAIL_BACKEND = f"{SERVERS}.{server}"
        messages = [queue("1"), queue("2")]

        for hour in range(24):
            outbox.send_due(at=NOW + timedelta(hours=hour))
        settings.EMAIL_BACKEND = LOCMEM

        assert [state(message) for message in messages] == [MessageState.QUEUED] * 2
        assert outbox.send_due(at=NOW + DAY) == 2

    def test_one_bad_mail_holds_up_nobody(self):
        bad = queue("1", letter=Letter("Two\nlines", "Text"))
        good = queue("2")

        outbox.send_due(at=NOW)

        assert [state(bad), state(good)] == [MessageState.FAILED, MessageState.SENT]
        assert bad.error == "BadHeaderError"


class TestMarks:
    def test_an_unknown_address_is_marked(self, settings):
        settings.EMAIL_BACKEND = f"{SERVERS}.Refusing"
        message = queue(to="A@x.example")

        outbox.send_due(at=NOW)

        mark = Bounce.objects.current().get()
        assert (mark.address, mark.codes, mark.message) == (
            "a@x.example",
            "550 5.1.1",
            message,
        )

    @pytest.mark.parametrize("server", ["Busy", "Full", "Strict", "Silent"])
    def test_whatever_else_a_server_says_marks_no_address(self, settings, server):
        settings.EMAIL_BACKEND = f"{SERVERS}.{server}"
        queue()

        outbox.send_due(at=NOW)

        assert not Bounce.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_mail_once():
    for number in range(90):
        queue(str(number))

    def work(_number: int) -> int:
        try:
            return outbox.send_due(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(work, range(4)))

    assert sum(counts) == len(mail.outbox) == 90


@pytest.fixture
def broker_away() -> Iterator[None]:
    usual = current_app._get_current_object()
    away = Celery("away", broker="redis://127.0.0.1:1/0")
    away.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    away.set_current()
    yield
    usual.set_current()


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_a_mail_waits_for_the_sweep(broker_away):
    began = time.monotonic()
    queue("1")
    queue("2")

    assert time.monotonic() - began < 2
    assert outbox.send_due(at=NOW) == 2
