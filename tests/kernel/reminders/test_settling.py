"""What is due and shall not go out: superseded, too old, for nobody, held."""

from datetime import timedelta

import pytest

from inm_portal.accounts.models import User
from inm_portal.kernel.models import Message, ReminderDelivery, ReminderHold, Task
from inm_portal.kernel.reminders import by_hand

from ...factories.consortium import ContactFactory
from .ladder import DUES, MONDAY, NOW, after, company, move, pay, states, sweep

pytestmark = pytest.mark.django_db


def hold(**what) -> ReminderHold:
    until_on = MONDAY + timedelta(days=3)
    return by_hand.hold_reminders(
        **what, reason="They asked", until_on=until_on, today=MONDAY, by=None
    )


def test_after_an_outage_the_highest_rung_goes_out_and_the_others_are_skipped():
    company("Flex", MONDAY - timedelta(days=16))

    sweep()

    assert states() == {
        "-7": "skipped too_old",
        "+3": "skipped superseded",
        "+15": "written",
        "+30": "planned",
    }
    assert Message.objects.count() == 1


def test_a_warning_is_not_sent_after_what_it_warns_of():
    company("Flex", MONDAY - timedelta(days=1))

    sweep()

    assert states()["-7"] == "skipped too_old"


def test_what_is_long_overdue_becomes_a_task_and_no_mail():
    company("Flex", MONDAY - timedelta(days=200))

    sweep()

    assert states() == {
        "-7": "skipped too_old",
        "+3": "skipped too_old",
        "+15": "skipped too_old",
        "+30": "task",
    }
    assert Task.objects.get().what == "Pay the dues of Flex"
    assert not Message.objects.exists()


def test_a_mail_for_nobody_is_skipped_and_the_task_still_made():
    flex = company("Flex", MONDAY - timedelta(days=3))
    User.objects.filter(pk=flex.owner_id).update(is_active=False)
    flex.owner = None
    flex.save()

    sweep()
    sweep(28)

    assert states()["+3"] == "skipped nobody"
    assert states()["+30"] == "task"


@pytest.mark.parametrize(
    "what",
    [
        {"rule": DUES.name},
        {"rule": DUES.name, "rung": "+3"},
        {"subject_type": "consortium.organization", "subject_id": "pk"},
        {"organization_key": "pk"},
    ],
    ids=["rule", "rung", "object", "company"],
)
def test_a_hold_keeps_a_reminder_until_its_end(what):
    flex = company("Flex", MONDAY - timedelta(days=3))
    hold(**{name: flex.pk if value == "pk" else value for name, value in what.items()})

    sweep()
    assert states()["+3"] == "planned"
    sweep(3)
    assert states()["+3"] == "planned"
    sweep(4)
    assert states()["+3"] == "written"


@pytest.mark.parametrize(
    "what",
    [
        {"rule": "consortium.contact_confirmation"},
        {"rule": DUES.name, "rung": "+15"},
        {"subject_type": "consortium.contact", "subject_id": "pk"},
        {"organization_key": 987_654_321},
    ],
    ids=["rule", "rung", "object", "company"],
)
def test_a_hold_of_something_else_holds_nothing(what):
    flex = company("Flex", MONDAY - timedelta(days=3))
    ContactFactory(pk=flex.pk)
    hold(**{name: flex.pk if value == "pk" else value for name, value in what.items()})

    sweep()

    assert states(subject_id=flex.pk)["+3"] == "written"


def test_a_held_rung_does_not_silence_the_one_below():
    company("Flex", MONDAY - timedelta(days=16))
    hold(rule=DUES.name, rung="+15")

    sweep()

    assert (states()["+3"], states()["+15"]) == ("written", "planned")


def test_what_was_held_too_long_is_skipped():
    company("Flex", MONDAY - timedelta(days=3))
    held = hold(rule=DUES.name)
    ReminderHold.objects.filter(pk=held.pk).update(until_on=MONDAY + timedelta(days=40))

    sweep()
    sweep(15)

    assert states()["+3"] == "skipped too_old"


def test_a_manual_send_fills_its_rung():
    company("Flex", MONDAY - timedelta(days=3))
    sweep(-1)  # a Sunday: planned, and nobody is at work
    row = ReminderDelivery.objects.get(rung="+3")

    by_hand.fill_reminder(row, note="Called them", at=NOW, by=None)
    sweep()

    assert states()["+3"] == "filled"
    assert not Message.objects.exists()


class TestTask:
    @pytest.fixture
    def flex(self):
        flex = company("Flex", MONDAY - timedelta(days=31))
        sweep()
        return flex

    def test_the_last_rung_is_a_task_for_a_person(self, flex):
        task = Task.objects.get()

        assert (task.person, task.url) == (flex.owner, flex.get_absolute_url())
        assert (task.kind, task.subject_id) == (DUES.name, flex.pk)

    def test_it_closes_by_itself_when_it_is_needed_no_longer(self, flex):
        pay(flex)

        sweep(1)

        task = Task.objects.get()
        assert (task.done_at, task.outcome) == (after(1), "No longer needed.")

    def test_it_closes_when_a_later_date_begins_the_ladder_again(self, flex):
        move(flex, MONDAY + timedelta(days=50))

        sweep(1)

        assert Task.objects.get().done_at is not None

    def test_it_stays_open_while_it_is_needed(self, flex):
        sweep(1)

        assert Task.objects.get().done_at is None
