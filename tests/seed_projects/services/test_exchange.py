"""Problems of members, and questions about calls."""

import pytest
from django.db import IntegrityError, transaction

from inm_portal.kernel.models import JournalEntry, Message
from seed_projects import services
from seed_projects.models import CallQuestion
from seed_projects.services.exchange import (
    ProblemWithdrawn,
    StandsInCall,
    TakesNoProblems,
    TakesNoQuestions,
)
from seed_projects.verbs import Verb
from tests.factories import calls as make
from tests.factories.accounts import UserFactory
from tests.factories.calls import NOON
from tests.factories.consortium import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(db):
    return make.problem(OrganizationFactory(name="Siemens"))


def test_a_problem_stands_in_a_call_once(problem):
    call = make.opened()

    first = services.use_problem(call, statement=problem, at=NOON, by=None)
    again = services.use_problem(call, statement=problem, at=NOON, by=None)

    assert first == again
    assert JournalEntry.objects.filter(verb=Verb.PROBLEM_USED).count() == 1
    with pytest.raises(StandsInCall):
        services.withdraw_problem(problem, at=NOON, by=None)


def test_what_was_taken_back_is_not_used(problem):
    call = make.opened()
    services.withdraw_problem(problem, at=NOON, by=None)
    services.withdraw_problem(problem, at=NOON, by=None)

    with pytest.raises(ProblemWithdrawn):
        services.use_problem(call, statement=problem, at=NOON, by=None)
    assert JournalEntry.objects.filter(verb=Verb.PROBLEM_WITHDRAWN).count() == 1


def test_a_closed_call_takes_no_problems_and_no_questions(problem):
    call = make.closed()

    with pytest.raises(TakesNoProblems):
        services.use_problem(call, statement=problem, at=NOON, by=None)
    with pytest.raises(TakesNoQuestions):
        make.question(call)


def test_an_answer_is_published_in_words_that_name_nobody():
    one = UserFactory()
    asked = make.question(make.opened(), by=one)
    told = {"text": "May students apply?", "at": NOON, "by": None}

    services.answer_question(asked, answer="With a PI.", **told)
    services.answer_question(asked, answer="With a PI, yes.", **told)

    row = CallQuestion.objects.answered().get()
    assert (row.asked, row.answer) == ("May students apply?", "With a PI, yes.")
    (mail,) = Message.objects.about(asked.call)
    assert (mail.recipient, "With a PI." in mail.text) == (one.email, True)


def test_an_answer_has_its_moment():
    asked = make.question(make.opened())

    with pytest.raises(IntegrityError), transaction.atomic():
        CallQuestion.objects.filter(pk=asked.pk).update(answer="Yes")
