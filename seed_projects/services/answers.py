"""Write answers so that nothing typed is lost, whoever else writes meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    WORDED,
    Answer,
    AsideText,
    Proposal,
    Question,
    QuestionKind,
)
from ..verbs import Verb
from .drafts import OfAnotherCall, open_draft

#: The most characters of one text; far above what any limit of words allows.
LONGEST = 100_000


class NotSuchAValue(Refusal):
    """The answer is not of the question's kind."""

    code = "not_such_a_value"
    field = "value"


class AlreadySettled(Refusal):
    code = "already_settled"


@dataclass(frozen=True)
class Saved:
    """
    What became of a text: the answer as it stands, and what was set aside beside it.

    ``aside`` is there where somebody else changed the answer meanwhile: both are kept.
    """

    answer: Answer
    aside: AsideText | None = None

    @property
    def words(self) -> str:
        """What the writer is told."""
        if self.aside is None:
            return _("Saved.")
        return _(
            "Somebody else changed this answer meanwhile. Both texts are kept; "
            "choose or join them."
        )


def cleaned(question: Question, value: Any) -> Any:
    """
    Return a value as it is kept; empty is always allowed, a long text is not cut.

    :raises NotSuchAValue: if it is not of the question's kind.
    """
    kind = question.kind
    if kind == QuestionKind.TABLE:
        return _table(question, value)
    if kind == QuestionKind.CHOICE:
        return _choices(question, value)
    if kind in (QuestionKind.FILE, QuestionKind.BUDGET):
        raise NotSuchAValue(_("This is not answered by a text."))
    if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value:
        raise NotSuchAValue(_("Write a text of at most 100,000 characters."))
    if kind == QuestionKind.NUMBER:
        return _number(value.strip())
    if kind == QuestionKind.DATE:
        return _day(value.strip())
    return value


def _number(value: str) -> str:
    try:
        is_number = not value or Decimal(value.replace(",", "")).is_finite()
    except InvalidOperation:
        is_number = False
    if not is_number:
        raise NotSuchAValue(_("Write a number."))
    return value


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise NotSuchAValue(_("Write a date, as in 2027-03-31.")) from None


def _choices(question: Question, value: Any) -> list[str]:
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not is_list or not set(value) <= set(question.options):
        raise NotSuchAValue(_("Choose of what is offered."))
    if len(value) > 1 and not question.is_many:
        raise NotSuchAValue(_("Choose one."))
    return [one for one in question.options if one in value]


def _table(question: Question, value: Any) -> list[list[str]]:
    width = len(question.options)
    is_table = isinstance(value, list) and all(
        isinstance(row, list)
        and len(row) == width
        and all(isinstance(cell, str) and "\x00" not in cell for cell in row)
        for row in value
    )
    if not is_table or sum(len(cell) for row in value for cell in row) > LONGEST:
        raise NotSuchAValue(_("Fill in rows of the columns that are asked for."))
    return [row for row in value if any(cell.strip() for cell in row)]


def words_in(value: Any) -> int:
    """Return how many words a text has: what stands between spaces."""
    return len(value.split()) if isinstance(value, str) else 0


@transaction.atomic
def save_answer(
    proposal: Proposal,
    question: Question,
    *,
    value: Any,
    version: int,
    at: datetime,
    by: User | None,
) -> Saved:
    """
    Keep what was written to a question upon a version of its answer, 0 for none.

    Where another text was saved since that version, that one stands and this one is
    set aside; `Saved` says so. The same text again changes nothing.

    :raises OfAnotherCall: if the form of the proposal does not ask it.
    :raises NotSuchAValue: if the value is not of the question's kind.
    :raises TooLate: once the deadline is over; `NotDraft` once it was submitted.
    """
    [saved] = save_answers(proposal, [(question, value, version)], at=at, by=by)
    return saved


@transaction.atomic
def save_answers(
    proposal: Proposal,
    written: Collection[tuple[Question, Any, int]],
    *,
    at: datetime,
    by: User | None,
) -> list[Saved]:
    """
    Keep what was written to several questions at once, all of it or nothing.

    Each is a question, a value, and the version upon which it was written; what
    becomes of each, and what is refused, is as in `save_answer`.
    """
    proposal = open_draft(proposal, at=at)
    if any(question.version_id != proposal.form_id for question, *_told in written):
        raise OfAnotherCall(_("The form of this proposal does not ask that."))
    kept = proposal.answers.prefetch_related("asides")
    known = {answer.question_id: answer for answer in kept}
    return [
        _save(
            proposal,
            question,
            known.get(question.pk),
            value=cleaned(question, value),
            version=version,
            at=at,
            by=by,
        )
        for question, value, version in written
    ]


def _save(
    proposal: Proposal,
    question: Question,
    answer: Answer | None,
    *,
    value: Any,
    version: int,
    at: datetime,
    by: User | None,
) -> Saved:
    told: dict[str, Any] = {"value": value, "written_by": by, "written_at": at}
    if answer is None:
        return Saved(proposal.answers.create(question=question, **told))
    if answer.value == value:
        return Saved(answer)
    if answer.version == version:
        answer.edit(version, **told)
        return Saved(answer)
    waiting = (one for one in answer.asides.all() if one.settled_at is None)
    aside = next((one for one in waiting if one.value == value), None)
    if aside is None:
        aside = AsideText.objects.create(answer=answer, **told, based_on=version)
        facts = {"question": question.pk, "version": answer.version, "upon": version}
        journal.record(Verb.TEXT_SET_ASIDE, proposal, by=by, **facts)
    return Saved(answer, aside)


@transaction.atomic
def settle_texts(
    aside: AsideText, *, value: Any, version: int, at: datetime, by: User | None
) -> Answer:
    """
    Say what the answer is, after reading both texts; the one set aside stays on file.

    :raises AlreadySettled: if somebody did.
    :raises EditConflict: if the answer changed since both were read.
    """
    proposal = open_draft(aside.answer.proposal, at=at)
    aside = AsideText.objects.select_related("answer__question").get(pk=aside.pk)
    if aside.settled_at is not None:
        raise AlreadySettled(_("Somebody settled these texts already."))
    answer = aside.answer
    value = cleaned(answer.question, value)
    answer.edit(version, value=value, written_by=by, written_at=at)
    aside.settled_at = at
    aside.save(update_fields=["settled_at"])
    facts = {"question": answer.question_id, "aside": aside.pk}
    journal.record(Verb.TEXTS_SETTLED, proposal, by=by, **facts)
    return answer


def asked_of(proposal: Proposal) -> list[tuple[Question, Answer | None]]:
    """Return the questions that are asked, given the answers so far, in order."""
    answers = {row.question_id: row for row in proposal.answers.all()}
    asked: dict[int, Question] = {}
    for question in Question.objects.filter(version=proposal.form_id).in_order():
        if question.asked_if_id is not None:
            before = answers.get(question.asked_if_id)
            given = before.value if before and question.asked_if_id in asked else []
            if question.asked_if_is not in given:
                continue
        asked[question.pk] = question
    return [(question, answers.get(key)) for key, question in asked.items()]


def too_many_words(question: Question, value: Any) -> int:
    """Return by how many words a text is longer than its question allows."""
    if question.kind not in WORDED or question.word_limit is None:
        return 0
    return max(0, words_in(value) - question.word_limit)
