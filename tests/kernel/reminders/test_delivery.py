"""One mail to a person a day, in their working hours, asked again as it is claimed."""

from datetime import date, timedelta

import pytest
from django.core import mail

from consortium.models import Organization
from inm_portal.accounts.models import User
from inm_portal.kernel import outbox
from inm_portal.kernel.models import Message, MessageState, ReminderDelivery
from inm_portal.kernel.reminders import by_hand, sweeping

from ...factories.accounts import UserFactory
from .ladder import MONDAY, after, at, company, move, pay, states, sweep

pytestmark = pytest.mark.django_db

DUE = MONDAY - timedelta(days=3)


@pytest.fixture
def payer(db) -> User:
    return UserFactory(email="ada@pay.example", name="Ada")


def companies(payer: User, *names: str) -> list[Organization]:
    return [company(name, DUE, owner=payer) for name in names]


def deliver(day: int = 0, hour: int = 10) -> None:
    outbox.send_due(at=after(day, hour))


class TestMail:
    def test_it_says_what_why_by_when_and_where(self, payer):
        (flex,) = companies(payer, "Flex")

        sweep()
        deliver()

        (letter,) = mail.outbox
        assert letter.to == ["ada@pay.example"]
        assert letter.subject == "Pay the dues of Flex"
        for words in [
            "You pay for your company.",
            "by Oct 30, 2026",
            f"http://testserver{flex.get_absolute_url()}",
        ]:
            assert words in letter.body
            assert words in letter.alternatives[0][0]

    def test_a_person_gets_one_mail_for_all_of_a_day(self, payer):
        companies(payer, "Amgen", "Flex")

        sweep()
        deliver()

        (letter,) = mail.outbox
        assert letter.subject == "2 things wait for you"
        assert "Amgen" in letter.body
        assert "Flex" in letter.body

    def test_more_than_three_come_as_a_digest(self, payer):
        companies(payer, "Amgen", "Flex", "PTC", "Sanofi")

        sweep()
        deliver()

        (letter,) = mail.outbox
        assert letter.subject == "4 things wait for you"
        assert letter.body.count("- Pay the dues of") == 4

    def test_what_falls_due_after_the_mail_of_the_day_waits_for_the_next(self, payer):
        companies(payer, "Amgen")
        sweep()
        deliver()

        companies(payer, "Flex")
        sweep(hour=11)
        assert Message.objects.count() == 1
        sweep(1)

        assert [m.slot for m in Message.objects.order_by("pk")] == [
            "2026-11-02",
            "2026-11-03",
        ]

    def test_two_people_get_a_mail_each(self):
        company("Amgen", DUE)
        company("Flex", DUE)

        sweep()

        assert Message.objects.count() == 2


class TestHours:
    """MSG-06: by the local date and hour of the recipient, not by elapsed time."""

    @pytest.mark.parametrize(
        ("hour", "is_sent"), [(8, False), (9, True), (16, True), (17, False)]
    )
    def test_a_mail_is_written_in_working_hours(self, payer, hour, is_sent):
        companies(payer, "Flex")

        sweep(hour=hour)

        assert Message.objects.exists() is is_sent

    @pytest.mark.parametrize(
        ("zone", "hours"),
        [
            ("America/Los_Angeles", [12, 19]),
            ("Europe/Berlin", [3, 10]),
        ],
    )
    def test_the_hours_are_those_of_the_recipient(self, payer, zone, hours):
        payer.time_zone = zone
        payer.save()
        companies(payer, "Flex")
        written = []
        for hour in [hours[0] - 1, *hours, hours[1] + 1]:
            sweep(hour=hour)
            if Message.objects.exists():
                written.append(hour)
                ReminderDelivery.objects.filter(state="written").update(
                    state="planned", message=None, settled_at=None
                )
                Message.objects.all().delete()

        assert written == hours

    @pytest.mark.parametrize(
        ("zone", "day", "first"),
        [
            ("America/New_York", date(2027, 3, 12), 9),
            ("America/New_York", date(2027, 3, 15), 9),
            ("Europe/Berlin", date(2027, 3, 12), 3),
            ("Europe/Berlin", date(2027, 3, 15), 4),
            ("Europe/Berlin", date(2027, 3, 29), 3),
        ],
        ids=str,
    )
    def test_the_morning_is_that_of_the_clock_on_the_wall(
        self, payer, zone, day, first
    ):
        """Clocks change on 14 March in Boston and on 28 March in Berlin."""
        payer.time_zone = zone
        payer.save()
        company("Flex", day + timedelta(days=7), owner=payer)

        for hour in (first - 1, first):
            assert not Message.objects.exists()
            assert sweeping.sweep(at=at(day, hour))

        assert Message.objects.exists()

    @pytest.mark.parametrize(
        "day", [-1, 24, 53], ids=["Sunday", "Thanksgiving", "Xmas"]
    )
    def test_nothing_goes_out_on_a_day_off(self, payer, day):
        company("Flex", MONDAY + timedelta(days=day - 3), owner=payer)

        sweep(day)

        assert not Message.objects.exists()

    def test_what_falls_on_a_day_off_goes_out_on_the_next_open_one(self, payer):
        """Case 37: the due date stays, the reminder moves."""
        company("Flex", MONDAY + timedelta(days=21), owner=payer)

        sweep(25, hour=10)  # the Friday after Thanksgiving, on which +3 would fall

        assert states()["+3"] == "written"
        assert ReminderDelivery.objects.get(rung="+3").anchor_on == MONDAY + timedelta(
            days=21
        )

    @pytest.mark.parametrize("change", [-8, 132], ids=["end", "begin"])
    def test_a_change_of_the_clocks_moves_and_doubles_nothing(self, payer, change):
        """Sunday, November 1, 2026 and Sunday, March 14, 2027, at two in the night."""
        company("Flex", MONDAY + timedelta(days=change - 3), owner=payer)

        for day in range(change - 1, change + 3):
            for hour in (1, 2, 3, 8, 9, 16, 17):
                sweep(day, hour)

        (message,) = Message.objects.all()
        assert message.not_before == after(_open(change), 9)


def _open(day: int) -> int:
    weekday = (MONDAY + timedelta(days=day)).weekday()
    return day + max(0, 7 - weekday) if weekday > 4 else day


class TestClaim:
    """What no longer holds is taken out of the mail; what is left goes out."""

    def test_a_mail_of_nothing_that_holds_is_cancelled(self, payer):
        (flex,) = companies(payer, "Flex")
        sweep()

        pay(flex)
        deliver()

        assert mail.outbox == []
        assert Message.objects.get().state == MessageState.CANCELLED
        assert states()["+3"] == "cancelled not_true"

    def test_one_item_of_several_is_taken_out(self, payer):
        flex, _amgen = companies(payer, "Flex", "Amgen")
        sweep()

        pay(flex)
        deliver()

        (letter,) = mail.outbox
        assert letter.subject == "Pay the dues of Amgen"
        assert "Flex" not in letter.body + letter.alternatives[0][0]
        assert states(subject_id=flex.pk)["+3"] == "cancelled not_true"

    def test_what_has_a_later_date_now_is_taken_out(self, payer):
        (flex,) = companies(payer, "Flex")
        sweep()

        move(flex, MONDAY + timedelta(days=30))
        deliver()

        assert states(cycle=DUE)["+3"] == "cancelled moved"

    def test_what_is_held_meanwhile_is_planned_again(self, payer):
        companies(payer, "Flex")
        sweep()

        by_hand.hold_reminders(
            rule="test.dues",
            reason="They asked",
            until_on=MONDAY,
            today=MONDAY,
            by=None,
        )
        deliver()
        assert (mail.outbox, states()["+3"]) == ([], "planned")
        sweep(1)
        deliver(1)

        assert len(mail.outbox) == 1

    def test_what_is_for_somebody_else_now_goes_to_them(self, payer):
        (flex,) = companies(payer, "Flex")
        sweep()

        flex.owner = UserFactory(email="new@pay.example")
        flex.save()
        deliver()
        sweep(hour=11)
        deliver(hour=11)

        assert [letter.to for letter in mail.outbox] == [["new@pay.example"]]

    def test_a_backlog_sends_only_what_is_still_of_use(self, payer):
        """Case 108: the mail server was down; what came too late is listed."""
        late = company("Late", MONDAY + timedelta(days=7), owner=payer)
        company("Flex", DUE, owner=payer)
        sweep()

        deliver(8)

        (letter,) = mail.outbox
        assert letter.subject == "Pay the dues of Flex"
        assert states(subject_id=late.pk)["-7"] == "cancelled too_old"

    def test_the_mail_says_what_is_true_when_it_goes_out(self, payer):
        (flex,) = companies(payer, "Flex")
        sweep()

        Organization.objects.filter(pk=flex.pk).update(name="Flex Ltd.")
        deliver()

        assert mail.outbox[0].subject == "Pay the dues of Flex Ltd."

    def test_a_message_is_sent_once_however_often_the_sweep_runs(self, payer):
        """Case 107."""
        companies(payer, "Flex")

        for hour in range(9, 17):
            sweep(hour=hour)
            deliver(hour=hour)

        assert len(mail.outbox) == 1
