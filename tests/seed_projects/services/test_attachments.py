"""Files that answer questions, and the paper of what was handed in with them."""

import pytest

from inm_portal.kernel import watermarks
from inm_portal.kernel.files import TooLarge, WrongType
from inm_portal.kernel.models import Document, JournalEntry, ScanState
from inm_portal.kernel.watermarks import CannotBeMarked
from seed_projects import services
from seed_projects.services.attachments import NoFileAsked, TooManyPages
from seed_projects.services.drafts import NotDraft, OfAnotherCall, TooLate
from seed_projects.verbs import Verb
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories.calls import DAY, NOON
from tests.factories.library import pdf
from tests.kernel.files import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return proposals.complete(make.opened(files=1))


def attach(draft, content=None, *, at=NOON, asked=None):
    asked = asked or draft.form.questions.get(kind="file")
    file = sent(pdf(1) if content is None else content, "plan.pdf")
    pi = proposals.pi_of(draft)
    return services.attach_file(draft, asked, file=file, at=at, by=pi)


def test_a_file_answers_its_question_with_its_pages_and_its_digest(draft):
    answer = attach(draft, pdf(2))

    document = Document.objects.get(pk=answer.value["document"])
    assert (answer.value["name"], answer.value["pages"]) == ("plan.pdf", 2)
    assert answer.value["sha256"] == document.sha256
    entry = JournalEntry.objects.about(draft).get(verb=Verb.ANSWER_FILE_ATTACHED)
    assert entry.actor_id == proposals.pi_of(draft).pk


def test_another_takes_its_place_and_the_first_stays_on_file(draft):
    first = attach(draft).value["document"]

    second = attach(draft).value["document"]

    assert Document.objects.get(pk=first).superseded_at is not None
    assert Document.objects.get(pk=second).superseded_at is None


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"%PDF-1.7\nnot a document\n%%EOF\n", CannotBeMarked),
        (b"MZ\x90\0" * 100, WrongType),
    ],
)
def test_what_is_no_pdf_or_cannot_be_read_is_refused_and_nothing_stays(
    draft, content, refusal
):
    with pytest.raises(refusal):
        attach(draft, content)

    assert not draft.answers.filter(question__kind="file").exists()
    assert not Document.objects.filter(kind="seed_projects.answer").exists()


def test_more_pages_than_the_question_allows_are_refused(draft):
    with pytest.raises(TooManyPages, match="3 pages; at most 2"):
        attach(draft, pdf(3))


def test_a_file_above_25_mb_is_refused(draft):
    with pytest.raises(TooLarge):
        attach(draft, b"%PDF-1.7\n" + b"0" * (26 * 1024 * 1024))


def test_only_questions_of_its_form_that_ask_for_a_file_are_answered_so(draft):
    other = make.form("Other", files=1).questions.get(kind="file")

    with pytest.raises(NoFileAsked):
        attach(draft, asked=proposals.question(draft))
    with pytest.raises(OfAnotherCall):
        attach(draft, asked=other)


def test_nothing_is_attached_too_late_or_to_what_was_submitted(draft):
    with pytest.raises(TooLate):
        attach(draft, at=NOON + 11 * DAY)
    services.submit_proposal(draft, at=NOON, by=proposals.pi_of(draft))

    with pytest.raises(NotDraft):
        attach(draft)


def test_a_file_that_is_removed_is_asked_for_again(draft):
    answer = attach(draft)

    services.remove_file(answer, at=NOON, by=proposals.pi_of(draft))

    answer.refresh_from_db()
    assert answer.value == ""
    assert not Document.objects.current().filter(kind="seed_projects.answer").exists()


def test_case_55_an_infected_file_keeps_it_from_being_submitted(draft):
    answer = attach(draft)
    rows = Document.objects.filter(pk=answer.value["document"])
    rows.update(state=ScanState.INFECTED, scanned_at=NOON)

    lacks = services.lacks_of_proposal(draft, at=NOON)

    assert [lack.words for lack in lacks] == [
        "The file at “File 1” is infected; attach another."
    ]


def test_the_paper_of_a_submission_has_its_files_numbered_through(draft):
    attach(draft, pdf(2))
    pi = proposals.pi_of(draft)
    snapshot = services.submit_proposal(draft, at=NOON, by=pi)
    alone = watermarks.pages_of(services.paper_of(proposals_paper(pi)))

    paper = services.take_paper(snapshot, by=pi)

    assert watermarks.pages_of(paper) == alone + 2
    assert JournalEntry.objects.about(draft).filter(verb=Verb.PAPER_TAKEN).exists()


def proposals_paper(pi):
    """A submission that says the same, without a file."""
    made = proposals.complete(make.opened("Second", files=1))
    return services.submit_proposal(made, at=NOON, by=proposals.pi_of(made))


def test_what_replaces_a_file_later_leaves_the_submission_as_it_was(draft):
    attach(draft, pdf(2))
    pi = proposals.pi_of(draft)
    first = services.submit_proposal(draft, at=NOON, by=pi)
    before = services.paper_of(first)
    services.take_back(draft, at=NOON, by=pi)

    attach(draft, pdf(1))

    assert watermarks.pages_of(services.paper_of(first)) == watermarks.pages_of(before)


def test_its_people_read_the_file_and_inm_once_it_is_handed_in(draft, cast):
    document = Document.objects.get(pk=attach(draft).value["document"])
    pi = proposals.pi_of(draft)

    def read_by(user):
        return Document.objects.permitted(user, "view").filter(pk=document.pk).exists()

    assert read_by(pi)
    assert not any(read_by(cast[who]) for who in ("staff", "director", "sponsor"))
    services.submit_proposal(draft, at=NOON, by=pi)
    assert read_by(cast["staff"])
    assert not read_by(cast["sponsor"])
