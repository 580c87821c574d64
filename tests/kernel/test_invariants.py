"""What must hold is checked each night; somebody is asked about what does not."""

from datetime import UTC, datetime, timedelta

import pytest

from inm_portal.home import metrics
from inm_portal.kernel import invariants, tasks
from inm_portal.kernel.invariants import Invariant
from inm_portal.kernel.models import InvariantCheck, Task

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 7, 10, tzinfo=UTC)


@pytest.fixture
def _broken(monkeypatch):
    """Something that never holds."""
    always = Invariant("One is two.", "SELECT 1 WHERE 1 <> 2")
    monkeypatch.setattr(invariants, "_invariants", [always])


def test_a_night_on_which_all_holds_leaves_its_mark_and_asks_nobody():
    tasks.check_invariants()

    assert InvariantCheck.objects.get().broken == []
    assert not Task.objects.exists()


@pytest.mark.usefixtures("_broken")
def test_what_does_not_hold_is_kept_and_asked_about_once():
    for day in range(2):
        invariants.check(at=NOW + timedelta(days=day))

    assert [one.broken for one in InvariantCheck.objects.all()] == [
        ["One is two. Not for 1."]
    ] * 2
    task = Task.objects.get()
    assert (task.why, task.person) == ("One is two. Not for 1.", None)


@pytest.mark.usefixtures("_broken")
def test_a_monitoring_system_reads_what_was_found_last(monkeypatch):
    invariants.check(at=NOW)
    assert b"portal_invariants_broken 1.0" in metrics.page(at=NOW)

    monkeypatch.setattr(invariants, "_invariants", [])
    invariants.check(at=NOW + timedelta(days=1))
    assert b"portal_invariants_broken 0.0" in metrics.page(at=NOW)
