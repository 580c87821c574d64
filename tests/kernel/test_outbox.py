"""MSG-01 to MSG-05: no mail is lost, none is sent twice without a word."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inm_portal.kernel import outbox
from inm_portal.kernel.models import Message, MessageState

NOW = timezone.now()


def queue(slot: str = "1", **changes) -> Message:
    letter = EmailMultiAlternatives("Subject", "Text", to=["a@x.example"])
    letter.attach_alternative("<p>Text</p>", "text/html")
    return outbox.queue(letter, kind="test", slot=slot, at=NOW, **changes)


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


@pytest.mark.django_db
class TestOneWorker:
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

    def test_what_opens_something_is_forgotten_once_sent(self):
        message = queue(opens_something=True)

        outbox.send_due(at=NOW)

        message.refresh_from_db()
        assert (message.text, message.html) == ("", "")

    def test_nothing_goes_out_before_its_time(self):
        queue()

        assert outbox.send_due(at=NOW - timedelta(seconds=1)) == 0

    def test_a_refusal_for_good_is_not_tried_again(self, settings):
        settings.EMAIL_BACKEND = "tests.kernel.servers.Refusing"
        message = queue()

        outbox.send_due(at=NOW)

        assert state(message) == MessageState.FAILED
        assert message.error == "SMTPRecipientsRefused 550"

    @pytest.mark.parametrize("server", ["Busy", "Silent"])
    def test_a_bad_moment_delays_a_mail_longer_each_time(self, settings, server):
        settings.EMAIL_BACKEND = f"tests.kernel.servers.{server}"
        message = queue()
        waits, at = [], NOW
        for _ in range(3):
            outbox.send_due(at=at)
            message.refresh_from_db()
            waits.append(message.not_before - at)
            at = message.not_before

        assert waits == [timedelta(minutes=n) for n in (1, 2, 4)]
        assert message.state == MessageState.QUEUED

    def test_after_eight_attempts_it_is_no_use(self, settings):
        settings.EMAIL_BACKEND = "tests.kernel.servers.Silent"
        message = queue()

        for day in range(9):
            outbox.send_due(at=NOW + timedelta(days=day))

        assert state(message) == MessageState.FAILED
        assert message.attempts == 8

    def test_one_bad_mail_holds_up_nobody(self, settings):
        bad, good = queue("1"), queue("2")
        settings.EMAIL_BACKEND = "tests.kernel.servers.Refusing"
        outbox.send(outbox.claim(at=NOW), outbox.get_connection(), at=NOW)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

        outbox.send_due(at=NOW)

        assert [state(bad), state(good)] == [MessageState.FAILED, MessageState.SENT]

    def test_what_a_killed_worker_left_is_sent_once_more(self):
        message = queue()
        outbox.claim(at=NOW)

        too_early = outbox.send_due(at=NOW + timedelta(minutes=9))
        again = outbox.send_due(at=NOW + timedelta(minutes=11))

        assert (too_early, again) == (0, 1)
        assert mail.outbox[0].extra_headers["Message-ID"] == message.message_id

    def test_what_is_left_twice_is_unclear_and_waits_for_a_person(self):
        message = queue()
        at = NOW
        for _ in range(2):
            outbox.recover(at=at)
            outbox.claim(at=at)
            at += timedelta(minutes=11)

        assert outbox.send_due(at=at) == 0
        assert state(message) == MessageState.UNCLEAR

    def test_a_mail_of_a_change_that_was_rolled_back_is_not_there(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            queue()
            raise ZeroDivisionError

        assert not Message.objects.exists()

    def test_the_database_refuses_a_second_message_of_a_slot(self):
        queue()

        with pytest.raises(IntegrityError, match="message_is_written_once"):
            Message.objects.create(
                kind="test", recipient="a@x.example", slot="1", not_before=NOW
            )


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_mail_once():
    for number in range(30):
        queue(str(number))

    def work(_number: int) -> int:
        try:
            return outbox.send_due(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(work, range(4)))

    assert sum(counts) == len(mail.outbox) == 30


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_a_mail_waits_for_the_sweep(settings):
    from celery import current_app

    usual = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        queue()
    finally:
        current_app.conf.broker_url = usual

    assert outbox.send_due(at=NOW) == 1
