"""An invitation is about to expire: who is reminded, and what then."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inm_portal.accounts.invitations import resend_invitation, revoke_invitation
from inm_portal.accounts.models import Invitation
from inm_portal.kernel.models import Message, ReminderDelivery, Task
from inm_portal.kernel.reminders.sweeping import sweep

from ..factories.accounts import invitation_to_inm, staff, token_of

pytestmark = pytest.mark.django_db

#: A Monday, ten o'clock; the invitation runs out on Monday, the 16th.
SENT = datetime(2026, 11, 2, 10, tzinfo=ZoneInfo("America/New_York"))


def after(days: int) -> datetime:
    return SENT + timedelta(days=days)


@pytest.fixture
def invitation(db) -> Invitation:
    return invitation_to_inm("new@inm.example", at=SENT, by=staff("admin"))


def run(*days: int) -> None:
    for day in days:
        assert sweep(at=after(day))


def reminders() -> list[Message]:
    return list(Message.objects.filter(kind="kernel/mail/reminders"))


def test_whoever_was_invited_is_reminded_before_it_runs_out(invitation):
    run(10, 11, 14)  # the 14th is a Saturday; the Monday is the last day

    (mail,) = reminders()
    assert mail.recipient == "new@inm.example"
    assert "Open the link in the mail of Nov 2, 2026." in mail.text
    assert invitation.invited_by.name in mail.text


def test_the_reminder_opens_nothing(invitation):
    token = token_of(invitation)

    run(14)

    (mail,) = reminders()
    assert token not in mail.text + mail.html
    assert "/accounts/invitation/" not in mail.text + mail.html


def test_after_it_ran_out_who_invited_has_a_task(invitation):
    run(14, 15)

    task = Task.objects.get()
    assert task.person == invitation.invited_by
    assert task.what == "Invite New Person again, or let it be"
    assert task.url == invitation.get_absolute_url()


def test_what_is_revoked_is_reminded_of_no_more(invitation):
    run(10)

    revoke_invitation(invitation, by=None)
    run(14, 15)

    assert reminders() == []
    assert not Task.objects.exists()


def test_sending_it_again_begins_anew_and_closes_the_task(invitation):
    run(14, 15)
    assert Task.objects.open().exists()

    resend_invitation(invitation, at=after(15), by=None)
    run(16)

    assert not Task.objects.open().exists()
    cycles = ReminderDelivery.objects.filter(rung="expires").values_list("cycle")
    assert len(set(cycles)) == 2


def test_a_reminder_that_comes_after_the_end_is_not_sent(invitation):
    run(16)

    assert reminders() == []
    assert ReminderDelivery.objects.get(rung="expires").reason == "too_old"
