"""Files that answer questions: PDFs, taken in by pages and lock, one at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal, watermarks
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Document, ScanState

from ..documents import ANSWER
from ..models import Answer, Proposal, Question, QuestionKind
from ..verbs import Verb
from .drafts import OfAnotherCall, open_draft


class NoFileAsked(Refusal):
    code = "no_file_asked"
    field = "file"


class TooManyPages(Refusal):
    code = "too_many_pages"
    field = "file"


@transaction.atomic
def attach_file(
    proposal: Proposal, question: Question, *, file: File, at: datetime, by: User
) -> Answer:
    """
    Answer a question by a PDF; the one before it goes out of use, and stays on file.

    :raises OfAnotherCall: if the form of the proposal does not ask it.
    :raises NoFileAsked: if it is not answered by a file.
    :raises WrongType: if it is no PDF; `TooLarge` above 25 MB.
    :raises CannotBeMarked: if it is locked by a password, or damaged.
    :raises TooManyPages: if it has more pages than the question allows.
    :raises TooLate: once the deadline is over; `NotDraft` once it was submitted.
    """
    proposal = open_draft(proposal, at=at)
    if question.version_id != proposal.form_id:
        raise OfAnotherCall(_("The form of this proposal does not ask that."))
    if question.kind != QuestionKind.FILE:
        raise NoFileAsked(_("This is not answered by a file."))
    told: dict[str, Any] = {"written_by": by, "written_at": at}
    answer, _new = proposal.answers.get_or_create(
        question=question, defaults={"value": "", **told}
    )
    _take_out(answer, at=at)
    document = documents.upload(file, kind=ANSWER, subject=answer, at=at, by=by)
    pages = _pages_of(document, question)
    value = {
        "document": document.pk,
        "name": document.name,
        "pages": pages,
        "size": document.size,
        "sha256": document.sha256,
    }
    answer.edit(answer.version, value=value, **told)
    facts = {"question": question.pk, "document": document.pk, "pages": pages}
    journal.record(Verb.ANSWER_FILE_ATTACHED, proposal, by=by, **facts)
    return answer


def _pages_of(document: Document, question: Question) -> int:
    with default_storage.open(document.stored) as file:
        pages = watermarks.pages_of(file.read())
    if question.page_limit is not None and pages > question.page_limit:
        words = _("The file has %(pages)s pages; at most %(most)s are allowed.")
        raise TooManyPages(words % {"pages": pages, "most": question.page_limit})
    return pages


def _take_out(answer: Answer, *, at: datetime) -> None:
    files = Document.objects.current().filter(kind=ANSWER.name, subject_id=answer.pk)
    files.update(superseded_at=at)


@transaction.atomic
def remove_file(answer: Answer, *, at: datetime, by: User | None) -> Proposal:
    """
    Take the file of an answer out of a draft.

    :raises TooLate: once the deadline is over; `NotDraft` once it was submitted.
    """
    proposal = open_draft(answer.proposal, at=at)
    answer = proposal.answers.get(pk=answer.pk)
    _take_out(answer, at=at)
    answer.edit(answer.version, value="", written_by=by, written_at=at)
    facts = {"question": answer.question_id}
    journal.record(Verb.ANSWER_FILE_REMOVED, proposal, by=by, **facts)
    return proposal


def infected(proposal: Proposal) -> set[int]:
    """Return the questions whose file the scanner found infected (case 55)."""
    answers = proposal.answers.filter(question__kind=QuestionKind.FILE)
    rows = Document.objects.current().filter(
        kind=ANSWER.name, state=ScanState.INFECTED, subject_id__in=answers.values("pk")
    )
    found = proposal.answers.filter(pk__in=rows.values("subject_id"))
    return set(found.values_list("question", flat=True))


def files_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a submission tells of its files, in the order of its questions."""
    answers = (row for row in content["answers"] if row["kind"] == QuestionKind.FILE)
    return [
        {"title": row["question"], **row["value"]} for row in answers if row["value"]
    ]


def content_of_file(told: Mapping[str, Any]) -> bytes:
    """Return the bytes of a file that a submission tells of."""
    document = Document.objects.get(pk=told["document"])
    with default_storage.open(document.stored) as file:
        content: bytes = file.read()
    return content
