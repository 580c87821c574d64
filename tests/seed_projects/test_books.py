"""Papers of submissions, and the book of a call: bound by a job, for who asked."""

import pytest
from django.urls import reverse
from django.utils import timezone

from inm_portal.accounts import roles
from inm_portal.kernel import documents, jobs, watermarks
from inm_portal.kernel.models import Job, JournalEntry
from seed_projects import services
from seed_projects.services.books import NothingToBind
from seed_projects.services.submission import StillSealed
from seed_projects.verbs import Verb
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories import screening as screen
from tests.factories.accounts import staff
from tests.factories.calls import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return staff(roles.PROGRAM_STAFF)


def bound(job: Job) -> Job:
    jobs.run_due()
    return Job.objects.get(pk=job.pk)


def ask(call, by) -> Job:
    return services.ask_for_book(call, at=timezone.now(), by=by)


def test_a_paper_says_all_of_a_submission():
    proposal = screen.waiting()
    snapshot = proposal.snapshots.get()

    told = services.words_of_paper(snapshot)

    assert told["title"] == "Cold spray"
    assert [part["title"] for part in told["sections"]] == [
        *["Abstract", "Project", "Budget", "Who may apply"]
    ]
    assert ["Budget", "$10,000"] in told["facts"]
    assert ["SHA-256", snapshot.sha256] in told["facts"]
    paper = services.paper_of(snapshot)
    assert paper.startswith(b"%PDF")
    assert watermarks.pages_of(paper) >= 1


@pytest.mark.parametrize("told", [{"columns": ["Month", "What"]}, {}])
def test_tables_are_laid_out_with_and_without_the_names_of_columns(told):
    snapshot = screen.waiting().snapshots.get()
    table = {"key": "k", "section": "Plan", "question": "Steps", "kind": "table"}
    snapshot.content["answers"].append(table | {"value": [["6", "#begin"]]} | told)

    rows = services.words_of_paper(snapshot)["sections"][2]["answers"][0]["rows"]
    assert rows == [*told.values(), ["6", "#begin"]]
    assert services.paper_of(snapshot).startswith(b"%PDF")


def test_what_people_typed_is_text_in_a_paper_and_no_markup():
    """Typst would fail to compile these, or run them."""
    proposal = proposals.complete(title="#panic() $x$ `raw` <label>")
    services.submit_proposal(proposal, at=NOON, by=proposals.pi_of(proposal))

    assert services.paper_of(proposal.snapshots.get()).startswith(b"%PDF")


def test_the_book_binds_what_was_handed_in_and_nothing_else(member):
    call = make.opened()
    kept = [screen.waiting(call) for _each in range(2)]
    services.withdraw_proposal(screen.waiting(call), reason="No", at=NOON, by=None)
    proposals.complete(call)
    mine = screen.waiting(call, pi=member)

    job = bound(ask(call, member))

    assert (job.state, job.done, job.total) == ("done", 2, 2)
    with documents.open_for(job.result, by=member, at=timezone.now()) as file:
        pages = watermarks.pages_of(file.read())
    each = [services.paper_of(one.snapshots.get()) for one in kept]
    assert pages == 2 + sum(watermarks.pages_of(one) for one in each)
    assert job.result.expires_at is not None
    assert mine.snapshots.exists()
    assert JournalEntry.objects.filter(verb=Verb.BOOK_ASKED).count() == 1


def test_a_book_that_is_under_way_is_given_again(member):
    call = make.opened()
    screen.waiting(call)

    assert ask(call, member) == ask(call, member)
    assert ask(call, staff(roles.DIRECTOR)) != ask(call, member)


def test_no_book_of_a_sealed_call_or_of_nothing(member):
    sealed = make.opened("Sealed", is_sealed=True)
    proposals.submitted(sealed)

    with pytest.raises(StillSealed):
        ask(sealed, member)
    with pytest.raises(NothingToBind):
        ask(make.opened("Empty"), member)


def test_who_may_read_no_more_gets_no_book(member):
    call = make.opened()
    screen.waiting(call)
    job = ask(call, member)
    member.groups.clear()

    job = bound(job)

    assert (job.state, job.error, job.result) == ("parked", "MayNotRead", None)


def test_nobody_else_takes_the_book(member, sign_in):
    call = make.opened()
    screen.waiting(call)
    job = bound(ask(call, member))
    address = job.result.get_absolute_url()

    assert sign_in(member).get(address).status_code == 200
    assert sign_in(staff(roles.DIRECTOR)).get(address).status_code in (403, 404)


def test_the_office_takes_a_paper_which_is_on_record(member, sign_in):
    proposal = screen.waiting()
    address = reverse("seed_projects:screened_paper", args=[proposal.pk])
    office = sign_in(member)

    answer = office.get(address)

    assert answer.content.startswith(b"%PDF")
    entry = JournalEntry.objects.get(verb=Verb.PAPER_TAKEN)
    assert (entry.actor, entry.subject_id) == (member, proposal.pk)
    assert office.get(address, {"submission": "7"}).status_code == 404
