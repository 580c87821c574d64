"""AUD-05: reminders and tasks name nobody who was erased."""

import pytest

from inm_portal.home import privacy
from inm_portal.kernel.models import ReminderDelivery, Task
from inm_portal.kernel.privacy import pseudonym_of

from ..conftest import TODAY
from ..factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

SUBJECT = {"subject_type": "consortium.contact", "subject_id": 1}


@pytest.fixture
def ada():
    return UserFactory(name="Ada Moss", email="ada@flex.example")


@pytest.fixture
def reminder(ada) -> ReminderDelivery:
    return ReminderDelivery.objects.create(
        **SUBJECT,
        **{"rule": "x.y", "rung": "due", "days": 0, "person": ada},
        **{"cycle": TODAY, "anchor_on": TODAY, "planned_on": TODAY},
        address=ada.email,
    )


@pytest.fixture
def task(ada) -> Task:
    why = "Ada Moss did not answer."
    return Task.objects.create(
        **SUBJECT, kind="x.y", what="Call Ada Moss", why=why, due_on=TODAY
    )


def test_they_are_handed_out(ada, reminder, task):
    assert [row["address"] for row in privacy.reminders(ada)] == [ada.email]
    assert [row["what"] for row in privacy.tasks(ada)] == ["Call Ada Moss"]


def test_once_erased_they_name_nobody(ada, reminder, task):
    pseudonym = pseudonym_of(ada)

    privacy.erase_reminders(ada, pseudonym)
    privacy.erase_tasks(ada, pseudonym)

    reminder.refresh_from_db()
    task.refresh_from_db()
    assert reminder.address == pseudonym.email
    assert task.what == f"Call {pseudonym.name}"
    assert "Ada" not in task.why


@pytest.fixture
def copied(ada) -> ReminderDelivery:
    """A reminder to a colleague, of which Ada read a copy, and somebody else too."""
    return ReminderDelivery.objects.create(
        **SUBJECT,
        **{"rule": "x.y", "rung": "late", "days": 3, "note": "They called"},
        **{"cycle": TODAY, "anchor_on": TODAY, "planned_on": TODAY},
        address="ap@flex.example",
        copies=["Ada@Flex.example", "cfo@flex.example"],
    )


def test_a_copy_is_handed_out_to_who_read_it(ada, copied):
    assert [row["rung"] for row in privacy.reminders(ada)] == ["late"]


def test_who_was_copied_is_erased_and_who_was_asked_is_not(ada, reminder, copied):
    pseudonym = pseudonym_of(ada)

    privacy.erase_reminders(ada, pseudonym)

    copied.refresh_from_db()
    assert copied.copies == [pseudonym.email, "cfo@flex.example"]
    assert (copied.address, copied.note) == ("ap@flex.example", "They called")
    reminder.refresh_from_db()
    assert reminder.address == pseudonym.email


def test_erasing_a_second_time_changes_nothing(ada, reminder, copied):
    pseudonym = pseudonym_of(ada)
    privacy.erase_reminders(ada, pseudonym)
    before = list(ReminderDelivery.objects.order_by("pk").values())

    privacy.erase_reminders(ada, pseudonym)

    assert list(ReminderDelivery.objects.order_by("pk").values()) == before
