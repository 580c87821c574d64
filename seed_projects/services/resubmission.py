"""Ask again: a proposal that comes after one without success, with what it said."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.errors import Refusal

from ..models import (
    INVESTIGATORS,
    Answer,
    Call,
    CallStage,
    MoveKind,
    Proposal,
    ProposalPerson,
    Question,
    QuestionKind,
    ScreeningMove,
)
from ..states import ProposalState
from .answers import NotSuchAValue, cleaned
from .drafts import begin_proposal, stage_that_takes

#: What belongs to the proposal in which it was attached or worked out.
NOT_TAKEN_OVER = [QuestionKind.FILE, QuestionKind.BUDGET]


class NotToBeResubmitted(Refusal):
    """The earlier proposal may still succeed, or is none of the investigator's."""

    code = "not_to_be_resubmitted"
    field = "former"


def resubmittable(person: User, *, at: datetime) -> QuerySet[Proposal]:
    """
    Return the proposals after which an investigator may ask again.

    Those that were returned without review, once their people were told, and those
    that were withdrawn.
    """
    parts = ProposalPerson.objects.filter(person=person, role__in=INVESTIGATORS)
    untold = ScreeningMove.objects.filter(kind=MoveKind.RETURNED, told_at__gt=at)
    return Proposal.objects.filter(
        pk__in=parts.values("proposal"),
        state__in=[ProposalState.RETURNED, ProposalState.WITHDRAWN],
    ).exclude(pk__in=untold.values("snapshot__proposal"))


def begin_at_call(
    call: Call,
    *,
    pi: User,
    former: Proposal | None = None,
    at: datetime,
    **told: Any,
) -> Proposal:
    """
    Begin a draft at the stage of a call that takes something of a PI now.

    :raises Refusal: as `begin_proposal` and `begin_again`, if there is none.
    """
    stage = stage_that_takes(call, of=pi, at=at)
    if former is None:
        return begin_proposal(stage, pi=pi, at=at, **told)
    return begin_again(stage, former=former, pi=pi, at=at, **told)


@transaction.atomic
def begin_again(
    stage: CallStage, *, former: Proposal, pi: User, at: datetime, by: User, **told: Any
) -> Proposal:
    """
    Begin a draft that comes after another one, with what both forms ask.

    Abstract, smallest budget and answers are taken over; first day, lines of the
    budget, files and declarations are not, since they are of their own call and day.

    :raises NotToBeResubmitted: if ``former`` is not among `resubmittable` of the PI.
    :raises Refusal: as `begin_proposal`.
    """
    if not resubmittable(pi, at=at).filter(pk=former.pk).exists():
        raise NotToBeResubmitted(_("Choose an earlier proposal without success."))
    given: dict[str, Any] = {"pi": pi, "former": former, "at": at, "by": by}
    proposal = begin_proposal(stage, **given, **told)
    written: dict[str, Any] = {"written_by": by, "written_at": at}
    Answer.objects.bulk_create(
        Answer(proposal=proposal, question=question, value=value, **written)
        for question, value in taken_over(former, proposal)
    )
    return proposal


def taken_over(former: Proposal, proposal: Proposal) -> Iterator[tuple[Question, Any]]:
    """Yield what was answered to the same question, or to one that reads the same."""
    questions = list(proposal.form.questions.exclude(kind__in=NOT_TAKEN_OVER))
    by_key = {(row.key, row.kind): row for row in questions}
    by_label = {(row.label.casefold(), row.kind): row for row in questions}
    answered: set[int] = set()
    for answer in former.answers.select_related("question").order_by("pk"):
        old = answer.question
        same = by_key.get((old.key, old.kind))
        question = same or by_label.get((old.label.casefold(), old.kind))
        if question is None or question.pk in answered or not answer.value:
            continue
        try:
            value = cleaned(question, answer.value)
        except NotSuchAValue:  # it is asked in another way by now
            continue
        answered.add(question.pk)
        yield question, value
