"""What staff do with a message, and with all mail."""

import pytest
from django.core import mail

from inm_portal.kernel import bounces, message_steps, outbox, outcomes
from inm_portal.kernel.errors import IllegalTransition
from inm_portal.kernel.models import (
    Because,
    Bounce,
    JournalEntry,
    MailHold,
    Message,
    MessageState,
)
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory
from .letters import LOCMEM, MINUTE, NOW, claim, put_on_wire, queue, state

pytestmark = pytest.mark.django_db
REASON = "The date is wrong."


@pytest.fixture
def staff():
    return UserFactory()


def sent(**changes) -> Message:
    message = queue(**changes)
    outbox.send_due(at=NOW)
    message.refresh_from_db()
    return message


def refused(settings, **changes) -> Message:
    settings.EMAIL_BACKEND = "tests.kernel.servers.Strict"
    message = sent(**changes)
    settings.EMAIL_BACKEND = LOCMEM
    return message


def verbs() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


class TestHolding:
    def test_a_held_message_stays_until_it_is_released(self, staff):
        message = message_steps.hold(queue(), reason=REASON, by=staff)

        assert (message.because, message.reason) == (Because.PERSON, REASON)
        assert outbox.send_due(at=NOW) == 0
        message_steps.release(message, by=staff)
        assert outbox.send_due(at=NOW) == 1
        assert verbs() == [Verb.MESSAGE_HELD, Verb.MESSAGE_RELEASED]

    def test_one_that_a_worker_claimed_is_held_before_its_data_goes_out(self, staff):
        queue()
        (claimed,) = claim()
        message_steps.hold(claimed, reason=REASON, by=staff)

        with pytest.raises(outcomes.ClaimLost):
            outcomes.put_on_wire(claimed, at=NOW)

        assert mail.outbox == []

    def test_one_that_is_on_the_wire_is_not_held(self, staff):
        queue()
        (message,) = put_on_wire()

        with pytest.raises(IllegalTransition, match="on the wire"):
            message_steps.hold(message, reason=REASON, by=staff)

    def test_a_reason_is_not_in_the_journal(self, staff):
        message_steps.hold(queue(), reason=REASON, by=staff)

        assert JournalEntry.objects.get().facts == {}


class TestCancelling:
    def test_a_cancelled_message_never_goes_out(self, staff):
        message = message_steps.cancel(
            queue(opens_something=True), reason=REASON, by=staff
        )

        assert outbox.send_due(at=NOW) == 0
        assert state(message) == MessageState.CANCELLED
        assert message.text == ""
        assert verbs() == [Verb.MESSAGE_CANCELLED]

    def test_one_that_was_sent_cannot_be_cancelled(self, staff):
        with pytest.raises(IllegalTransition):
            message_steps.cancel(sent(), reason=REASON, by=staff)


class TestSendingAgain:
    def test_one_that_failed_goes_out_under_its_own_id(self, staff, settings):
        message = refused(settings)

        again = message_steps.resend(message, reason=REASON, at=NOW, by=staff)
        outbox.send_due(at=NOW)

        assert again == message
        assert state(message) == MessageState.SENT
        assert mail.outbox[0].extra_headers["Message-ID"] == message.message_id
        assert verbs() == [Verb.MESSAGE_SENT_AGAIN]

    def test_one_that_is_unclear_goes_out_under_its_own_id(self, staff):
        message = queue(once=True)
        put_on_wire()
        outbox.send_due(at=NOW + 11 * MINUTE)

        message_steps.resend(message, reason=REASON, at=NOW, by=staff)

        assert outbox.send_due(at=NOW) == 1
        assert state(message) == MessageState.SENT

    def test_one_that_was_sent_stays_and_a_copy_goes_out(self, staff):
        message = sent(about=staff)

        copy = message_steps.resend(message, reason=REASON, at=NOW, by=staff)
        outbox.send_due(at=NOW)

        assert copy.copy_of == message
        assert copy.message_id != message.message_id
        assert [m.body for m in mail.outbox] == ["Text", "Text"]
        assert [state(m) for m in (message, copy)] == [MessageState.SENT] * 2

    def test_a_copy_is_not_copied_while_it_waits(self, staff):
        message = sent()
        message_steps.resend(message, reason=REASON, at=NOW, by=staff)

        with pytest.raises(message_steps.CopyUnderWay):
            message_steps.resend(message, reason=REASON, at=NOW, by=staff)

    @pytest.mark.parametrize("take", [claim, put_on_wire])
    @pytest.mark.parametrize("act", ["release", "resend"])
    def test_what_a_worker_has_in_hand_is_left_to_it(self, staff, take, act):
        queue()
        (message,) = take()
        before = state(message)
        given = {"resend": {"reason": REASON, "at": NOW}}.get(act, {})

        with pytest.raises((message_steps.NotHeld, message_steps.NotOver)):
            getattr(message_steps, act)(message, **given, by=staff)

        assert state(message) == before

    def test_one_that_failed_is_sent_again_with_a_reason_and_not_released(
        self, staff, settings
    ):
        with pytest.raises(message_steps.NotHeld):
            message_steps.release(refused(settings), by=staff)

    def test_one_that_is_held_is_released_and_not_sent_again(self, staff):
        held = message_steps.hold(queue(), reason=REASON, by=staff)

        with pytest.raises(message_steps.NotOver):
            message_steps.resend(held, reason=REASON, at=NOW, by=staff)

    def test_what_opened_something_is_gone(self, staff):
        with pytest.raises(message_steps.Forgotten):
            message_steps.resend(
                sent(opens_something=True), reason=REASON, at=NOW, by=staff
            )


class TestAllMail:
    def test_nothing_goes_out_but_what_its_recipient_asked_for(self, staff):
        for slot, asked in [("1", False), ("2", True)]:
            queue(slot, asked=asked)
        message_steps.hold_all(reason=REASON, at=NOW, by=staff)

        outbox.send_due(at=NOW)

        assert [state(m) for m in Message.objects.order_by("slot")] == [
            MessageState.QUEUED,
            MessageState.SENT,
        ]

    def test_what_a_worker_claimed_stops_too(self, staff):
        queue()
        (claimed,) = claim()
        message_steps.hold_all(reason=REASON, at=NOW, by=staff)

        with pytest.raises(outcomes.ClaimLost):
            outcomes.put_on_wire(claimed, at=NOW)

    def test_it_goes_again_once_released_and_both_are_journaled(self, staff):
        queue()
        message_steps.hold_all(reason=REASON, at=NOW, by=staff)
        message_steps.release_all(at=NOW, by=staff)

        assert outbox.send_due(at=NOW) == 1
        assert not MailHold.objects.standing().exists()
        assert verbs() == [Verb.MAIL_HELD, Verb.MAIL_RELEASED]

    def test_it_is_held_and_released_once(self, staff):
        with pytest.raises(message_steps.NotHeld):
            message_steps.release_all(at=NOW, by=staff)
        message_steps.hold_all(reason=REASON, at=NOW, by=staff)
        with pytest.raises(message_steps.AlreadyHeld):
            message_steps.hold_all(reason=REASON, at=NOW, by=staff)


class TestMarks:
    def test_mail_to_a_marked_address_is_held_and_says_why(self):
        bounces.mark("A@x.example", at=NOW, codes="550 5.1.1")
        message, other = queue(), queue("2", to="b@x.example")

        outbox.send_due(at=NOW)

        assert state(message) == MessageState.HELD
        assert (message.because, message.reason) == (Because.BOUNCED, "550 5.1.1")
        assert state(other) == MessageState.SENT

    def test_it_goes_out_once_the_mark_is_cleared(self, staff):
        mark = bounces.mark("a@x.example", at=NOW, codes="550")
        message = queue()
        outbox.send_due(at=NOW)

        with pytest.raises(message_steps.AddressRefuses):
            message_steps.release(message, by=staff)
        bounces.clear(mark, reason=REASON, at=NOW, by=staff)

        assert outbox.send_due(at=NOW) == 1
        assert not bounces.is_bounced("a@x.example")
        assert verbs() == [Verb.ADDRESS_BOUNCED, Verb.BOUNCE_CLEARED]

    def test_a_mark_is_cleared_once(self, staff):
        mark = bounces.mark("a@x.example", at=NOW, codes="550")
        bounces.clear(mark, reason=REASON, at=NOW, by=staff)

        with pytest.raises(bounces.NotBounced):
            bounces.clear(mark, reason=REASON, at=NOW, by=staff)

    def test_an_address_may_be_marked_again(self, staff):
        first = bounces.mark("a@x.example", at=NOW, codes="550")
        bounces.clear(first, reason=REASON, at=NOW, by=staff)
        second = bounces.mark("a@x.example", at=NOW, codes="550")

        assert list(Bounce.objects.current()) == [second]

    def test_a_mark_that_is_told_twice_is_one(self):
        for _time in range(2):
            bounces.mark("a@x.example", at=NOW, codes="550")

        assert Bounce.objects.count() == 1
