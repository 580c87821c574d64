"""`plan_reminders` prints what would go out on a day, and changes nothing."""

from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from inm_portal.kernel.models import (
    JournalEntry,
    Message,
    ReminderDelivery,
    ReminderStop,
    Task,
)
from inm_portal.kernel.reminders import by_hand

from .ladder import DUES, MONDAY, NOW, company, sweep

pytestmark = pytest.mark.django_db


def rehearse(day: int = 0) -> list[str]:
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        on = (MONDAY + timedelta(days=day)).isoformat()
        call_command("plan_reminders", f"--on={on}", stdout=out)
    return out.getvalue().splitlines()


def everything() -> list[int]:
    tables = [Message, ReminderDelivery, ReminderStop, Task, JournalEntry]
    return [table.objects.count() for table in tables]


def test_it_names_each_reminder_of_the_day_with_whom_it_goes_to():
    company("Flex", MONDAY - timedelta(days=3))
    company("Amgen", MONDAY - timedelta(days=31))

    lines = rehearse()

    assert lines == [
        "mail  flex@pay.example  Pay the dues of Flex  (test.dues +3)",
        "task  amgen@pay.example  Pay the dues of Amgen  (test.dues +30)",
        "2026-11-02  mails: 1, reminders in them: 1, tasks: 1",
    ]


def test_it_changes_nothing():
    for number in range(8):
        company(f"Company{number}", MONDAY - timedelta(days=3))
    sweep(-1)
    before = everything()

    assert "stopped  3 reminders need a person" in rehearse()

    assert everything() == before
    assert set(ReminderDelivery.objects.values_list("state", flat=True)) == {
        "planned",
        "skipped",
    }


def test_a_day_ahead_takes_what_comes_before_as_sent():
    company("Flex", MONDAY - timedelta(days=3))

    assert rehearse(1)[-1] == "2026-11-03  mails: 0, reminders in them: 0, tasks: 0"
    assert "+15" in rehearse(14)[0] or "+15" in rehearse(12)[0]


def test_what_is_held_until_the_day_before_goes_out_on_it():
    company("Flex", MONDAY - timedelta(days=3))
    by_hand.hold_reminders(
        rule=DUES.name, reason="Asked", until_on=MONDAY, today=MONDAY, by=None
    )

    assert rehearse(0)[-1].endswith("mails: 0, reminders in them: 0, tasks: 0")
    assert rehearse(1)[-1].endswith("mails: 1, reminders in them: 1, tasks: 0")


def test_on_a_day_off_nothing_goes_out():
    assert rehearse(5) == ["2026-11-07 is not a business day: nothing goes out."]


def test_a_day_that_nobody_can_foresee_is_refused():
    with pytest.raises(CommandError, match="within the next 400"):
        rehearse((date.max - MONDAY).days)


def test_a_day_that_is_over_is_refused():
    with pytest.raises(CommandError, match="This day is over"):
        rehearse(-1)
