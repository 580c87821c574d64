"""What those who sit are reminded of, and what ends it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from consortium import services
from inm_portal.kernel.models import Message, Task
from inm_portal.kernel.reminders.sweeping import sweep
from inm_portal.kernel.tasklist import finish_task
from tests.factories.accounts import UserFactory
from tests.factories.credits import at
from tests.factories.governance import (
    OPENS,
    TODAY,
    account,
    council,
    held,
    meeting,
    motion,
    seat,
    sits,
    steering,
    vote,
)

pytestmark = pytest.mark.django_db


#: A day of which those before are days of work.
CLOSING = date(2026, 12, 10)


def closing_later(body):
    return services.open_motion(motion(body), closes_at=at(CLOSING), at=OPENS, by=None)


def run(day: date) -> None:
    assert sweep(at=datetime.combine(day, time(12), ZoneInfo("America/New_York")))


def reminded(words: str) -> list[str]:
    found = Message.objects.filter(kind="kernel/mail/reminders", text__contains=words)
    return sorted(found.values_list("recipient", flat=True))


def test_who_has_not_voted_is_reminded_until_they_did():
    body = steering()
    place = seat(body, "One")
    holder, alternate = sits(place), sits(place, is_alternate=True)
    voted, kept = sits(seat(body, "Two")), sits(seat(body, "Three"))
    row = closing_later(body)
    vote(row, voted)
    vote(row, kept, "recused")

    run(CLOSING - timedelta(days=4))
    assert reminded("nobody voted for the seat") == []
    run(CLOSING - timedelta(days=3))
    assert reminded("nobody voted for the seat") == [account(holder).email]
    run(CLOSING - timedelta(days=1))
    assert reminded("nobody voted for the seat") == sorted(
        [account(holder).email] * 2 + [account(alternate).email]
    )


def test_who_voted_after_the_first_reminder_is_not_reminded_again(time_machine):
    sitting = sits(seat(steering()))
    row = closing_later(sitting.body)
    run(CLOSING - timedelta(days=3))
    vote(row, sitting)

    run(CLOSING - timedelta(days=1))

    assert len(reminded("nobody voted for the seat")) == 1


def test_the_statement_is_asked_for_each_year_anew(time_machine):
    start = date(2026, 11, 2)
    services.publish_statement(text="No prices.", from_on=start, at=at(start), by=None)
    sitting = sits(seat(council()))
    sits(seat(steering()))
    words = "Acknowledge the antitrust statement"
    run(start - timedelta(days=1))
    assert reminded(words) == []

    run(start)
    assert reminded(words) == [account(sitting).email]
    services.acknowledge_statement(on=start + timedelta(days=3), by=account(sitting))
    run(start + timedelta(days=14))
    assert len(reminded(words)) == 1

    run(date(2027, 11, 5))
    assert len(reminded(words)) == 2


def test_an_action_is_asked_for_until_it_is_done():
    owner = UserFactory()
    due = CLOSING
    services.ask_action(
        held(council()),
        what="Send the roadmap",
        owner=owner,
        due_on=due,
        today=TODAY,
        at=at(TODAY),
        by=None,
    )

    run(due - timedelta(days=4))
    assert reminded("Send the roadmap") == []
    run(due - timedelta(days=3))
    assert reminded("Send the roadmap") == [owner.email]
    task = Task.objects.get(kind="consortium.action")
    finish_task(task, outcome="Sent", at=at(due), by=owner)
    run(due + timedelta(days=1))

    assert len(reminded("Send the roadmap")) == 1


def test_a_vote_by_proxy_counts_as_voted(time_machine):
    sitting = sits(seat(steering()))
    row = closing_later(sitting.body)
    vote(row, sitting, "abstain")

    run(CLOSING - timedelta(days=3))

    assert reminded("nobody voted for the seat") == []


def test_who_sits_is_reminded_of_a_meeting_a_week_and_a_day_before():
    sitting = sits(seat(council()))
    sits(seat(steering()))
    starts = at(CLOSING)
    row = meeting(
        sitting.body, starts_at=starts, ends_at=starts + timedelta(hours=2), at=OPENS
    )

    run(CLOSING - timedelta(days=8))
    assert reminded("meets: Fall meeting") == []
    run(CLOSING - timedelta(days=7))
    assert reminded("meets: Fall meeting") == [account(sitting).email]
    run(CLOSING - timedelta(days=7))
    run(CLOSING - timedelta(days=1))
    assert reminded("meets: Fall meeting") == [account(sitting).email] * 2
    assert row.place in Message.objects.filter(text__contains="meets:")[0].text


def test_a_cancelled_meeting_is_reminded_of_no_more():
    sitting = sits(seat(council()))
    starts = at(CLOSING)
    row = meeting(
        sitting.body, starts_at=starts, ends_at=starts + timedelta(hours=2), at=OPENS
    )
    services.cancel_meeting(row, reason="Snow", at=OPENS, by=None)

    run(CLOSING - timedelta(days=7))

    assert reminded("meets: Fall meeting") == []
