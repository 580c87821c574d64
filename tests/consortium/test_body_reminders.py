"""What those who sit are reminded of: votes, meetings, the statement, late actions."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from consortium import services
from consortium.models import Action
from inm_portal.kernel import outbox
from inm_portal.kernel.models import Message, ReminderDelivery, Task
from inm_portal.kernel.reminders.sweeping import sweep
from inm_portal.kernel.tasklist import finish_task

from ..factories.accounts import UserFactory
from ..factories.consortium import ContactFactory, OrganizationFactory
from ..factories.credits import at
from ..factories.governance import (
    TODAY,
    account,
    council,
    elector,
    held,
    meeting,
    member_seat,
    motion,
    seat,
    sits,
    steering,
)

pytestmark = pytest.mark.django_db

#: Thursday, after days of work.
CLOSES_ON = date(2026, 12, 10)
OPENED = at(date(2026, 11, 30))
MISSING = "nobody voted for the seat"
MEETS_ON = date(2026, 12, 17)
MEETS = "You sit there. It starts"
READ = "Read and acknowledge the antitrust statement"


@pytest.fixture(autouse=True)
def bodies_alone(plan_only):
    plan_only(
        "consortium.meeting_ahead",
        "consortium.antitrust",
        "consortium.action_overdue",
        "consortium.vote_closing",
    )


def run(day: date, hour: int = 12) -> None:
    assert sweep(at=datetime.combine(day, time(hour), ZoneInfo("America/New_York")))


def run_until(first: date, last: date) -> None:
    for days in range((last - first).days + 1):
        run(first + timedelta(days=days))


def told(words: str) -> list[str]:
    found = Message.objects.filter(text__contains=words)
    return sorted(found.values_list("recipient", flat=True))


def emails(*sittings) -> list[str]:
    return sorted(account(one).email for one in sittings)


def closing(body, **terms):
    """A motion whose vote closes on a Thursday."""
    row = motion(body, **terms)
    return services.open_motion(row, closes_at=at(CLOSES_ON), at=OPENED, by=None)


def votes(row, sitting, choice="for"):
    of_it = elector(row, sitting)
    when = OPENED + timedelta(hours=1)
    return services.cast_vote(of_it, choice=choice, at=when, by=account(sitting))


def before_close(days: int) -> date:
    return CLOSES_ON - timedelta(days=days)


class TestVotes:
    @pytest.mark.parametrize("is_secret", [False, True])
    def test_who_has_not_voted_is_reminded_and_nobody_else(self, is_secret):
        body = steering()
        place = seat(body, "One")
        holder, alternate = sits(place), sits(place, is_alternate=True)
        voted, recused = sits(seat(body, "Two")), sits(seat(body, "Three"))
        row = closing(body, is_secret=is_secret)
        votes(row, voted, "against")
        votes(row, recused, "recused")

        run(before_close(4))
        assert told(MISSING) == []
        run(before_close(3))
        assert told(MISSING) == emails(holder)
        run(before_close(1))
        assert told(MISSING) == emails(holder, holder, alternate)

    @pytest.mark.parametrize("choice", ["for", "against", "abstain", "recused"])
    def test_a_reminder_reads_alike_however_others_voted(self, choice):
        body = steering()
        missing, other = sits(seat(body, "One")), sits(seat(body, "Two"))
        row = closing(body, is_secret=True)
        votes(row, other, choice)

        run(before_close(3))

        (mail,) = Message.objects.filter(text__contains=MISSING)
        assert mail.recipient == account(missing).email
        assert "seat One yet. Closes" in mail.text
        assert "Two" not in mail.text

    def test_who_votes_after_the_first_reminder_is_not_reminded_again(self):
        sitting = sits(seat(steering()))
        row = closing(sitting.body)
        run(before_close(3))

        votes(row, sitting)
        run_until(before_close(2), CLOSES_ON)

        assert told(MISSING) == emails(sitting)

    def test_a_day_that_is_run_again_reminds_nobody_twice(self):
        sitting = sits(seat(steering()))
        closing(sitting.body)

        run(before_close(3))
        run(before_close(3), hour=14)
        run(before_close(2))

        assert told(MISSING) == emails(sitting)

    def test_what_was_closed_before_its_time_is_not_asked_for(self):
        body = steering()
        one = sits(seat(body, "One"))
        row = closing(body)
        votes(row, one, "abstain")
        services.close_motion(row, at=OPENED + timedelta(hours=2), by=None)

        run_until(before_close(3), CLOSES_ON)

        assert not ReminderDelivery.objects.filter(
            rule="consortium.vote_closing"
        ).exists()

    def test_what_was_opened_late_is_not_told_twice_in_a_day(self):
        sitting = sits(seat(steering()))
        row = motion(sitting.body)
        opened = datetime.combine(before_close(2), time(8), ZoneInfo("UTC"))
        services.open_motion(row, closes_at=at(CLOSES_ON), at=opened, by=None)

        run(before_close(2))
        assert told(MISSING) == []
        run(before_close(1))
        assert told(MISSING) == emails(sitting)

    def test_who_holds_a_proxy_is_asked_the_day_before(self):
        body = steering()
        giver, taker = sits(seat(body, "One")), sits(seat(body, "Two"))
        row = closing(body)
        votes(row, taker)
        to = elector(row, taker)
        when = OPENED + timedelta(hours=2)
        services.give_proxy(elector(row, giver), to=to, at=when, by=account(giver))

        run(before_close(3))
        assert told("the seat One asked you to vote") == []
        run(before_close(1))

        assert told("the seat One asked you to vote") == emails(taker)

    def test_who_left_the_seat_is_not_asked_and_who_holds_it_now_is(self):
        place = seat(steering())
        gone = sits(place)
        closing(place.body)
        services.leave_seat(gone, until_on=before_close(5), by=None)
        holder = sits(place, from_on=before_close(5))

        run(before_close(3))

        assert told(MISSING) == emails(holder)

    def test_who_cannot_sign_in_cannot_vote_and_is_not_asked(self):
        body = steering()
        sits(seat(body, "One"), contact=ContactFactory(user=None))
        inactive = sits(seat(body, "Two"))
        closing(body)
        account(inactive).is_active = False
        account(inactive).save()

        run_until(before_close(3), CLOSES_ON)

        assert told(MISSING) == []

    def test_what_was_voted_between_writing_and_sending_goes_nowhere(self, mailoutbox):
        sitting = sits(seat(steering()))
        row = closing(sitting.body)
        outbox.send_due(at=OPENED)
        mailoutbox.clear()
        run(before_close(3))
        (mail,) = Message.objects.filter(text__contains=MISSING)

        votes(row, sitting)
        outbox.send_due(at=mail.created_at + timedelta(minutes=1))

        assert mailoutbox == []


def meets(body, **given):
    starts = at(MEETS_ON)
    given = {"starts_at": starts, "ends_at": starts + timedelta(hours=2)} | given
    return meeting(body, **given)


def before(days: int) -> date:
    return MEETS_ON - timedelta(days=days)


class TestMeetings:
    def test_who_sits_is_reminded_a_week_and_a_day_before(self):
        body = steering()
        place = seat(body, "One")
        holder, alternate = sits(place), sits(place, is_alternate=True)
        without = ContactFactory(user=None, email="x@ptc.example")
        sits(seat(body, "Two"), contact=without)
        sits(seat(council()))
        meets(body)
        everybody = sorted([*emails(holder, alternate), "x@ptc.example"])

        run(before(8))
        assert told(MEETS) == []
        run(before(7))
        assert told(MEETS) == everybody
        run_until(before(6), before(2))
        assert told(MEETS) == everybody
        run(before(1))
        assert told(MEETS) == sorted(everybody * 2)
        run_until(MEETS_ON, MEETS_ON + timedelta(days=3))
        assert told(MEETS) == sorted(everybody * 2)

    def test_the_words_say_when_and_where(self):
        meets(sits(seat(steering())).body, place="Room 9")

        run(before(7))

        (mail,) = Message.objects.filter(text__contains=MEETS)
        assert "the meeting of Steering committee: Fall meeting" in mail.text
        assert "Dec 17, 2026" in mail.text
        assert "Room 9" in mail.text

    def test_a_meeting_called_off_is_reminded_of_no_more(self):
        sitting = sits(seat(steering()))
        row = meets(sitting.body)
        run(before(7))

        services.cancel_meeting(row, reason="Snow", at=at(before(6)), by=None)
        run_until(before(6), MEETS_ON)

        assert told(MEETS) == emails(sitting)

    def test_who_leaves_before_the_day_is_not_awaited(self):
        sitting = sits(seat(steering()))
        meets(sitting.body)
        services.leave_seat(sitting, until_on=MEETS_ON, by=None)

        run_until(before(7), MEETS_ON)

        assert told(MEETS) == []

    def test_who_left_the_company_is_not_awaited(self):
        sitting = member_seat(council(), "Siemens")
        meets(sitting.body)
        services.depart_contact(
            sitting.contact, on=TODAY, today=TODAY, by=UserFactory()
        )

        run_until(before(7), MEETS_ON)

        assert told(MEETS) == []

    def test_the_account_of_the_contact_that_stayed_is_reminded(self):
        member = OrganizationFactory()
        one, two, three = (ContactFactory(organization=member) for _n in range(3))
        sitting = sits(seat(steering()), contact=one)
        for survivor, merged in [(two, one), (three, two)]:
            services.merge_contacts(
                survivor, merged=merged, at=OPENED, today=TODAY, by=None
            )
        meets(sitting.body)

        run(before(7))

        three.refresh_from_db()
        assert told(MEETS) == [three.user.email if three.user else three.email]

    def test_a_meeting_called_within_the_week_is_reminded_of_the_day_before(self):
        sitting = sits(seat(steering()))
        meets(sitting.body, at=at(before(5)))

        run_until(before(5), before(2))
        assert told(MEETS) == []
        run(before(1))
        assert told(MEETS) == emails(sitting)

    def test_the_next_meeting_is_reminded_of_anew(self):
        sitting = sits(seat(steering()))
        meets(sitting.body)
        later = at(MEETS_ON) + timedelta(days=28)
        ends = later + timedelta(hours=1)
        meets(sitting.body, title="Second", starts_at=later, ends_at=ends)

        run_until(before(7), MEETS_ON + timedelta(days=28))

        assert len(told(MEETS)) == 4
        assert len(told("the meeting of Steering committee: Second")) == 2


@pytest.fixture
def published():
    return services.publish_statement(
        text="No prices.", from_on=date(2025, 1, 1), at=OPENED, by=None
    )


@pytest.mark.usefixtures("published")
class TestStatement:
    def test_who_has_not_read_it_is_asked_before_the_meeting(self):
        sitting = member_seat(council(), "Siemens")
        sits(seat(steering()))
        meets(sitting.body)

        run(before(8))
        assert told(READ) == []
        run(before(7))
        assert told(READ) == emails(sitting)
        run_until(before(6), MEETS_ON)
        assert told(READ) == emails(sitting, sitting)

    def test_who_read_it_within_a_year_is_not_asked(self):
        sitting = member_seat(council(), "Siemens")
        meets(sitting.body)
        services.acknowledge_statement(on=before(20), by=account(sitting))

        run_until(before(7), MEETS_ON)

        assert told(READ) == []

    def test_who_reads_it_after_the_first_is_not_asked_again(self):
        sitting = member_seat(council(), "Siemens")
        meets(sitting.body)
        run(before(7))

        services.acknowledge_statement(on=before(6), by=account(sitting))
        run_until(before(6), MEETS_ON)

        assert told(READ) == emails(sitting)

    def test_what_is_a_year_old_is_asked_for_again(self):
        sitting = member_seat(council(), "Siemens")
        meets(sitting.body)
        a_year_ago = MEETS_ON.replace(year=2025) - timedelta(days=10)
        services.acknowledge_statement(on=a_year_ago, by=account(sitting))

        run(before(7))

        assert told(READ) == emails(sitting)

    def test_a_new_version_is_asked_for(self):
        sitting = member_seat(council(), "Siemens")
        meets(sitting.body)
        services.acknowledge_statement(on=before(20), by=account(sitting))
        services.publish_statement(
            text="No bids.", from_on=before(15), at=OPENED, by=None
        )

        run(before(7))

        assert told(READ) == emails(sitting)

    def test_who_sits_on_two_bodies_is_asked_once(self):
        sitting = member_seat(council(), "Siemens")
        group = council(name="Working group", kind="working_group")
        sits(seat(group), contact=sitting.contact)
        meets(sitting.body)
        meets(group)

        run(before(7))

        assert told(READ) == emails(sitting)
        asked = ReminderDelivery.objects.filter(rule="consortium.antitrust")
        assert asked.filter(rung="week").count() == 1


def test_nothing_is_asked_for_where_no_statement_is_in_force():
    sitting = member_seat(council(), "Siemens")
    meets(sitting.body)

    run(before(7))

    assert told(READ) == []


class TestActions:
    def asked(self, owner):
        body = council()
        return services.ask_action(
            held(body),
            what="Send the roadmap",
            owner=owner,
            due_on=CLOSES_ON,
            today=TODAY,
            at=at(TODAY),
            by=None,
        )

    def test_who_is_late_is_reminded_the_day_after_and_a_week_after(self):
        owner = UserFactory()
        self.asked(owner)

        run_until(before_close(3), CLOSES_ON)
        assert told("Late: Send the roadmap") == []
        run(before_close(-1))
        assert told("Late: Send the roadmap") == [owner.email]
        run_until(before_close(-2), before_close(-30))
        assert told("Late: Send the roadmap") == [owner.email] * 2

    def test_what_was_done_is_not_asked_for(self):
        owner = UserFactory()
        row = self.asked(owner)
        run(before_close(-1))

        finish_task(task_of(row), outcome="Sent", at=at(before_close(-2)), by=owner)
        run_until(before_close(-2), before_close(-9))

        assert told("Late: Send the roadmap") == [owner.email]

    def test_who_comes_in_no_more_is_not_asked(self):
        owner = UserFactory()
        self.asked(owner)
        owner.is_active = False
        owner.save()

        run_until(before_close(-1), before_close(-8))

        assert told("Late: Send the roadmap") == []


def task_of(row: Action):
    return Task.objects.get(subject_id=row.pk, subject_type="consortium.action")
