"""What people do with reminders, each with a refusal and an entry in the journal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from inm_portal.kernel.models import (
    Closure,
    JournalEntry,
    ReminderDelivery,
    ReminderHold,
)
from inm_portal.kernel.reminders import by_hand

from .ladder import DUES, MONDAY, NOW, company, sweep

pytestmark = pytest.mark.django_db
HOLD = {"reason": "They asked", "until_on": MONDAY, "today": MONDAY, "by": None}


def verbs() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_hold_is_set_and_lifted():
    hold = by_hand.hold_reminders(**HOLD, rule=DUES.name)

    by_hand.lift_hold(hold, at=NOW, by=None)

    assert not ReminderHold.objects.in_force(on=MONDAY).exists()
    assert verbs() == ["kernel.reminders_held", "kernel.hold_lifted"]


def test_a_hold_is_lifted_once():
    hold = by_hand.hold_reminders(**HOLD, rule=DUES.name)
    by_hand.lift_hold(hold, at=NOW, by=None)

    with pytest.raises(by_hand.HoldOver):
        by_hand.lift_hold(hold, at=NOW, by=None)


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ({}, by_hand.HoldsNothing),
        ({"rule": DUES.name, "rung": "+99"}, by_hand.NoSuchRung),
        ({"rule": "no.rule"}, by_hand.NoSuchRule),
        ({"rung": "+3", "organization_key": 1}, by_hand.NoSuchRung),
        ({"subject_id": 1}, by_hand.HoldsNothing),
        ({"subject_type": "no.model", "subject_id": 1}, by_hand.NoSuchObject),
        (
            {"subject_type": DUES.subject_type, "subject_id": 2**62},
            by_hand.NoSuchObject,
        ),
        (
            {"rule": DUES.name, "subject_type": "accounts.user", "subject_id": 1},
            by_hand.NoSuchObject,
        ),
        (
            {"rule": DUES.name, "until_on": MONDAY - timedelta(days=1)},
            by_hand.HoldEndsTooEarly,
        ),
    ],
)
def test_what_cannot_be_held(what, refusal):
    with pytest.raises(refusal):
        by_hand.hold_reminders(**HOLD | what)


def test_the_database_refuses_a_hold_of_nothing():
    with pytest.raises(IntegrityError, match="reminder_hold_holds_something"):
        ReminderHold.objects.create(reason="None", until_on=MONDAY)


def test_what_went_out_cannot_be_filled():
    company("Flex", MONDAY - timedelta(days=3))
    sweep()
    row = ReminderDelivery.objects.get(rung="+3")

    with pytest.raises(by_hand.AlreadySettled):
        by_hand.fill_reminder(row, note="Called", at=NOW, by=None)


def test_a_manual_send_is_journaled():
    company("Flex", MONDAY + timedelta(days=21))
    sweep()
    row = ReminderDelivery.objects.get(rung="-7")

    by_hand.fill_reminder(row, note="Called", at=NOW, by=None)

    assert verbs() == ["kernel.reminder_filled"]


def test_a_day_is_closed_once_and_opened_once(cast):
    closure = by_hand.add_closure(on=MONDAY, name="Inventory", by=cast["staff"])
    with pytest.raises(by_hand.ClosedAlready):
        by_hand.add_closure(on=MONDAY, name="Again", by=cast["staff"])

    by_hand.withdraw_closure(closure, at=NOW, by=cast["staff"])
    with pytest.raises(by_hand.NotClosed):
        by_hand.withdraw_closure(closure, at=NOW, by=cast["staff"])

    assert verbs()[-2:] == ["kernel.closure_added", "kernel.closure_withdrawn"]
    assert not Closure.objects.filter(withdrawn_at=None).exists()
