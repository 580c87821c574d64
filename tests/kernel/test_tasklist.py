"""Tasks for people, where two see to the same one."""

import pytest
from django.utils import timezone

from inm_portal.kernel import tasklist
from inm_portal.kernel.models import JournalEntry, Task
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory
from ..races import while_held


@pytest.mark.django_db(transaction=True)
def test_what_somebody_finishes_meanwhile_is_no_hindrance():
    person, now = UserFactory(), timezone.now()
    words = {"what": "Call them", "why": "They ask", "due_on": now.date()}
    task = tasklist.open_task("test.call", person, **words, by=None)

    while_held(
        lambda: tasklist.finish_task(task, outcome="Called.", at=now, by=person),
        lambda: tasklist.finish_about(
            "test.call", person, outcome="No longer needed.", at=now, by=None
        ),
    )

    assert Task.objects.get().outcome == "Called."
    assert JournalEntry.objects.filter(verb=Verb.TASK_DONE).count() == 1
