"""Case 109: too many at once need a person."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from inm_portal.kernel import outbox
from inm_portal.kernel.models import (
    JournalEntry,
    Message,
    ReminderDelivery,
    ReminderStop,
    Task,
)
from inm_portal.kernel.reminders import breaker, rules, sweeping

from ...factories.accounts import UserFactory
from ...races import while_held
from .ladder import DUES, MONDAY, after, company, move, sweep

pytestmark = pytest.mark.django_db

DUE = MONDAY - timedelta(days=3)


def companies(count: int, *, first: int = 0) -> None:
    for number in range(first, first + count):
        company(f"Company{number}", DUE)


def counts() -> dict[str, int]:
    rows = ReminderDelivery.objects.filter(rung="+3").values_list("state", flat=True)
    return {state: list(rows).count(state) for state in sorted(set(rows))}


def decide(act, day: int = 0):
    stop = ReminderStop.objects.get(decided_at=None)
    return act(stop, reason="Right after all", at=after(day), by=UserFactory())


def test_up_to_its_share_a_rule_sends_by_itself():
    companies(5)

    sweep()

    assert counts() == {"written": 5}
    assert not ReminderStop.objects.exists()


def test_what_is_above_its_share_needs_a_person():
    companies(40)

    sweep()

    assert counts() == {"stopped": 35, "written": 5}
    assert Message.objects.count() == 5


def test_a_stop_is_journaled_and_is_a_task():
    companies(8)

    sweep()

    entry = JournalEntry.objects.get(verb="kernel.reminders_stopped")
    assert entry.facts == {"count": 3, "rule": DUES.name}
    assert Task.objects.get().kind == breaker.KIND


def test_its_task_is_for_the_day_on_the_wall():
    for number in range(8):
        company(f"Company{number}", MONDAY - timedelta(days=30))

    sweeping.sweep(at=after(0, hour=21).astimezone(UTC))

    assert Task.objects.get(kind=breaker.KIND).due_on == MONDAY


@pytest.mark.django_db(transaction=True)
def test_a_sweep_beside_a_release_leaves_nothing_stopped_for_good():
    companies(8)
    sweep()
    companies(2, first=100)

    while_held(lambda: decide(breaker.release_stop), sweep)

    left = ReminderDelivery.objects.filter(state="stopped")
    assert not left.exclude(stop__decided_at=None).exists()


def test_while_it_is_stopped_nothing_of_the_rule_goes_out():
    companies(8)
    sweep()

    companies(2, first=100)
    sweep(1)

    assert counts() == {"stopped": 5, "written": 5}
    assert ReminderStop.objects.count() == 1


def test_an_hour_later_a_rule_has_its_share_again():
    companies(5)
    sweep(hour=10)

    companies(5, first=100)
    sweep(hour=11)

    assert counts() == {"written": 10}


def test_within_the_hour_it_has_what_is_left():
    companies(3)
    sweep(hour=10)

    companies(3, first=100)
    sweep(hour=10)

    assert counts() == {"stopped": 1, "written": 5}


def test_what_is_released_goes_out_and_is_not_counted_again():
    companies(20)
    sweep()

    decide(breaker.release_stop)
    sweep(hour=11)

    assert counts() == {"written": 20}
    assert not Task.objects.open().exists()


def test_what_is_cancelled_never_goes_out_in_its_cycle():
    companies(20)
    sweep()

    decide(breaker.cancel_stopped)
    sweep(1)

    assert counts() == {"cancelled": 15, "written": 5}
    notes = ReminderDelivery.objects.filter(state="cancelled").values_list("note")
    assert set(notes) == {("Right after all",)}


def test_a_corrected_import_cancels_what_was_stopped():
    companies(8)
    sweep()
    for row in ReminderDelivery.objects.filter(state="stopped"):
        move_to_next_year(row.subject_id)

    sweep(1)

    stopped = ReminderDelivery.objects.exclude(stop=None)
    assert set(stopped.values_list("state", "reason")) == {("cancelled", "moved")}


def move_to_next_year(key: int) -> None:
    from consortium.models import Organization

    move(Organization.objects.get(pk=key), DUE + timedelta(days=365))


@pytest.mark.parametrize(
    ("act", "verb"),
    [
        (breaker.release_stop, "kernel.stop_released"),
        (breaker.cancel_stopped, "kernel.stop_cancelled"),
    ],
)
def test_a_decision_is_journaled_and_taken_once(act, verb):
    companies(8)
    sweep()

    stop = decide(act)

    assert JournalEntry.objects.get(verb=verb).facts == {"count": 3, "rule": DUES.name}
    with pytest.raises(breaker.StopDecided):
        act(stop, reason="Again", at=after(0), by=None)


def test_four_hundred_due_to_a_wrong_import():
    companies(400)

    sweep()
    sent = outbox.send_due(at=after(0))

    assert (sent, counts()) == (5, {"stopped": 395, "written": 5})


def test_a_rule_may_stop_whole():
    whole = replace(DUES, stops_whole=True)
    rules.forget(DUES)
    rules.declare(whole)
    companies(DUES.most_per_hour + 1)
    try:
        sweep()
    finally:
        rules.forget(whole)
        rules.declare(DUES)

    assert not Message.objects.exists()
    due = ReminderDelivery.objects.filter(state="stopped")
    assert due.count() == DUES.most_per_hour + 1
