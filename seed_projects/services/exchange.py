"""State problems of members, put them into calls; ask about calls, and answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from consortium.models import Organization
from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal

from ..models import Call, CallQuestion, ProblemStatement, ProblemUse
from ..states import CallState
from ..verbs import Verb
from . import notices


class StandsInCall(Refusal):
    code = "stands_in_call"


class ProblemWithdrawn(Refusal):
    code = "problem_withdrawn"
    field = "statement"


class TakesNoProblems(Refusal):
    code = "takes_no_problems"


class TakesNoQuestions(Refusal):
    code = "takes_no_questions"


@transaction.atomic
def state_problem(
    organization: Organization,
    *,
    title: str,
    text: str,
    is_named: bool = False,
    at: datetime,
    by: User | None,
) -> ProblemStatement:
    """Write down a problem of a member that calls may put to researchers."""
    row = ProblemStatement.objects.create(
        organization=organization,
        title=title,
        text=text,
        is_named=is_named,
        stated_by=by,
        stated_at=at,
    )
    facts = {"problem": row.pk, "named": is_named}
    journal.record(Verb.PROBLEM_STATED, organization, by=by, **facts)
    notices.ask_to_read(row, at=at, by=by)
    return row


@transaction.atomic
def withdraw_problem(
    statement: ProblemStatement, *, at: datetime, by: User | None
) -> ProblemStatement:
    """
    Take a problem back, so that no call uses it.

    :raises StandsInCall: if one does already.
    """
    statement = ProblemStatement.objects.locked(statement)
    if statement.uses.exists():
        raise StandsInCall(_("It stands in a call already, where everybody reads it."))
    if statement.withdrawn_at is None:
        statement.withdrawn_at = at
        statement.save(update_fields=["withdrawn_at"])
        facts = {"problem": statement.pk}
        journal.record(Verb.PROBLEM_WITHDRAWN, statement.organization, by=by, **facts)
        notices.is_read(statement, outcome=_("Taken back"), at=at, by=by)
    return statement


@transaction.atomic
def use_problem(
    call: Call, *, statement: ProblemStatement, at: datetime, by: User | None
) -> ProblemUse:
    """
    Put a problem into a call, where it is public; twice changes nothing.

    :raises ProblemWithdrawn: if the member took it back.
    :raises TakesNoProblems: once the call is closed.
    """
    call = Call.objects.locked(call)
    statement = ProblemStatement.objects.locked(statement)
    if call.state not in [CallState.DRAFT, CallState.OPEN]:
        raise TakesNoProblems(_("The call is closed."))
    if statement.withdrawn_at is not None:
        raise ProblemWithdrawn(_("The member took it back."))
    told = {"used_by": by, "used_at": at}
    row, is_new = call.problem_uses.get_or_create(statement=statement, defaults=told)
    if is_new:
        journal.record(Verb.PROBLEM_USED, call, by=by, problem=statement.pk)
        notices.is_read(statement, outcome=_("Put into a call"), at=at, by=by)
    return row


@transaction.atomic
def ask_question(
    call: Call, *, text: str, at: datetime, by: User | None
) -> CallQuestion:
    """
    Ask INM about an open call; the answer will be public, the name never.

    :raises TakesNoQuestions: unless the call is open.
    """
    call = Call.objects.locked(call)
    if call.state != CallState.OPEN:
        raise TakesNoQuestions(_("The call takes no more questions."))
    row = call.questions.create(asked=text, text=text, asked_by=by, asked_at=at)
    journal.record(Verb.QUESTION_ASKED, call, by=by, question=row.pk)
    notices.ask_for_answer(row, at=at, by=by)
    return row


@transaction.atomic
def answer_question(
    question: CallQuestion, *, text: str, answer: str, at: datetime, by: User | None
) -> CallQuestion:
    """
    Publish an answer, and the question in words that name nobody.

    An answer can be put right later; who asked is told of the first one.
    """
    question = CallQuestion.objects.locked(question)
    is_first = question.answered_at is None
    question.text, question.answer = text, answer
    question.answered_by, question.answered_at = by, at
    question.save()
    facts = {"question": question.pk}
    journal.record(Verb.QUESTION_ANSWERED, question.call, by=by, **facts)
    notices.is_answered(question, at=at, by=by)
    if is_first and question.asked_by is not None:
        mails.write(
            "seed_projects/mail/question_answered",
            to=question.asked_by,
            slot=str(question.pk),
            at=at,
            about=question.call,
            context={"call": question.call, "text": text, "answer": answer},
        )
    return question
