"""Calls that close by themselves, and what the office is asked to do about calls."""

from datetime import timedelta

import pytest

from inm_portal.kernel.models import JournalEntry, Message, Task
from seed_projects import services
from seed_projects.models import Call
from seed_projects.services import notices
from seed_projects.tasks import close_calls
from seed_projects.verbs import Verb
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories.accounts import UserFactory
from tests.factories.calls import DAY, NOON
from tests.factories.consortium import OrganizationFactory

pytestmark = pytest.mark.django_db

CLOSES = NOON + 10 * DAY
SECOND = timedelta(seconds=1)


def states() -> dict[str, str]:
    return dict(Call.objects.values_list("title", "state"))


def test_a_call_closes_after_the_last_deadline_of_anybody_and_its_grace():
    make.opened("Plain")
    make.opened("Grace", grace_minutes=10)
    longer = make.opened("Longer")
    services.extend_deadline(
        longer.stages.get(),
        **{"person": UserFactory(), "until_at": CLOSES + DAY, "reason": "Ill"},
        **{"at": NOON, "by": None},
    )
    make.ready("Drafted")

    services.close_due_calls(at=CLOSES)
    assert set(states().values()) == {"open", "draft"}
    services.close_due_calls(at=CLOSES + SECOND)
    assert states() == {
        **{"Plain": "closed", "Grace": "open", "Longer": "open"},
        "Drafted": "draft",
    }
    services.close_due_calls(at=CLOSES + DAY + SECOND)
    assert set(states().values()) == {"closed", "draft"}


def test_closing_twice_is_once_and_tells_the_office_once():
    call = make.opened()
    proposals.submitted(call)

    for _each in range(2):
        services.close_due_calls(at=CLOSES + SECOND)

    entry = JournalEntry.objects.get(verb=Verb.CALL_CLOSED)
    assert (entry.subject_id, entry.actor) == (call.pk, None)
    letter = Message.objects.get(kind="seed_projects/mail/call_closed")
    assert letter.recipient == "calls@inm.example"
    assert "Handed in: 1" in letter.text
    task = Task.objects.get(kind=notices.SCREEN)
    assert f"call={call.pk}" in task.url


def test_the_worker_closes_what_is_due(time_machine):
    call = make.opened()
    time_machine.move_to(CLOSES + SECOND)

    close_calls()

    assert Call.objects.get(pk=call.pk).state == "closed"


def test_somebody_who_gives_more_time_meanwhile_keeps_the_call_open(monkeypatch):
    call = make.opened()
    monkeypatch.setattr(services.closing, "due_to_close", lambda at: [call])
    services.extend_deadline(
        call.stages.get(), until_at=CLOSES + DAY, reason="Storm", at=NOON, by=None
    )

    assert services.close_due_calls(at=CLOSES + SECOND) == []
    assert states() == {"Seeds 2027": "open"}


def test_a_question_is_a_task_until_it_is_answered():
    row = make.question(make.opened())
    task = Task.objects.open().get(kind=notices.ANSWER)
    assert (task.subject_id, task.person) == (row.pk, None)

    services.answer_question(row, text="May they?", answer="No", at=NOON, by=None)

    assert not Task.objects.open().filter(kind=notices.ANSWER).exists()


@pytest.mark.parametrize("what", ["use", "withdraw"])
def test_a_problem_is_a_task_until_it_is_used_or_taken_back(what):
    row = make.problem(OrganizationFactory(name="Siemens"))
    assert Task.objects.open().get(kind=notices.READ).subject_id == row.pk

    if what == "use":
        services.use_problem(make.opened(), statement=row, at=NOON, by=None)
    else:
        services.withdraw_problem(row, at=NOON, by=None)

    assert not Task.objects.open().filter(kind=notices.READ).exists()
