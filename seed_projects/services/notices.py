"""Tasks for whoever runs a call: a question, a problem of a member, a closed call."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import tasklist
from inm_portal.kernel.reminders.business_days import business_days

from ..models import Call, CallQuestion, ProblemStatement

ANSWER = "seed_projects.answer_question"
READ = "seed_projects.read_problem"
SCREEN = "seed_projects.screen_call"

#: Working days within which each is done.
DUE = {ANSWER: 2, READ: 5, SCREEN: 5}


def _due_on(kind: str, at: datetime) -> date:
    today = timezone.localdate(at)
    days = business_days(first=today, last=today + timedelta(days=30))
    return days.shifted(today, DUE[kind])


def ask_for_answer(question: CallQuestion, *, at: datetime, by: User | None) -> None:
    """Ask the office to answer what somebody asked about a call."""
    call = question.call
    tasklist.open_task(
        ANSWER,
        question,
        what=_("Answer a question about %(call)s") % {"call": call.number},
        why=_("Somebody asks about “%(call)s”; all read the answer.")
        % {"call": call.title},
        due_on=_due_on(ANSWER, at),
        by=by,
        url=reverse("seed_projects:answer_question", args=[question.pk]),
    )


def is_answered(question: CallQuestion, *, at: datetime, by: User | None) -> None:
    """Finish the task that asks for an answer."""
    tasklist.finish_about(ANSWER, question, outcome=_("Answered"), at=at, by=by)


def ask_to_read(statement: ProblemStatement, *, at: datetime, by: User | None) -> None:
    """Ask the office to read a member's problem, which a call may put to all."""
    company = {"member": statement.organization.name}
    tasklist.open_task(
        READ,
        statement,
        what=_("Read a problem that %(member)s states") % company,
        why=_("A call may put it to researchers, once somebody chose it."),
        due_on=_due_on(READ, at),
        by=by,
        url=reverse("seed_projects:problem", args=[statement.pk]),
    )


def is_read(
    statement: ProblemStatement, *, outcome: str, at: datetime, by: User | None
) -> None:
    """Finish the task that asks to read a problem."""
    tasklist.finish_about(READ, statement, outcome=outcome, at=at, by=by)


def ask_to_screen(call: Call, *, at: datetime) -> None:
    """Ask the office to screen what was handed in to a call that closed by itself."""
    queue = reverse("seed_projects:screening")
    tasklist.open_task(
        SCREEN,
        call,
        what=_("Screen the proposals of %(call)s") % {"call": call.number},
        why=_("“%(call)s” closed by itself after its last deadline.")
        % {"call": call.title},
        due_on=_due_on(SCREEN, at),
        by=None,
        url=f"{queue}?call={call.pk}&state=submitted",
    )
