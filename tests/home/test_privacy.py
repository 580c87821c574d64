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
