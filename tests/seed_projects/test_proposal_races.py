"""What several people do at once about a proposal."""

import pytest

from inm_portal.kernel.errors import IllegalTransition
from seed_projects import services
from seed_projects.models import (
    Answer,
    AsideText,
    Proposal,
    ProposalSnapshot,
    ScreeningMove,
    Theme,
)
from seed_projects.services.appeals import AppealedAlready
from seed_projects.services.moves import NobodyMoved
from seed_projects.services.screening import MovedOn
from seed_projects.services.submission import OverTheLimit
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories import screening as screen
from tests.factories.accounts import UserFactory
from tests.factories.calls import DAY, NOON
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _themes(db):
    """Make a theme, since what migrations wrote is emptied with the tables."""
    Theme.objects.get_or_create(name="A theme", defaults={"position": 9})


def test_submitted_twice_at_once_is_one_snapshot():
    proposal = proposals.complete()
    pi = proposals.pi_of(proposal)

    submit = [lambda: services.submit_proposal(proposal, at=NOON, by=pi)] * 2
    answers = at_once(*submit)

    assert refusals(answers) == [IllegalTransition]
    assert ProposalSnapshot.objects.count() == 1


def test_two_texts_at_once_are_both_kept():
    proposal = proposals.complete()
    asked = proposals.question(proposal)

    def write(text):
        return services.save_answer(
            proposal, asked, value=text, version=1, at=NOON, by=None
        )

    at_once(lambda: write("One"), lambda: write("Two"))

    kept = {Answer.objects.get(question=asked).value, AsideText.objects.get().value}
    assert kept == {"One", "Two"}


def test_a_text_is_in_the_snapshot_or_refused():
    proposal = proposals.complete()
    asked, pi = proposals.question(proposal), proposals.pi_of(proposal)
    told = {"value": "Last words", "version": 1, "at": NOON, "by": None}

    answers = at_once(
        lambda: services.save_answer(proposal, asked, **told),
        lambda: services.submit_proposal(proposal, at=NOON, by=pi),
    )

    content = ProposalSnapshot.objects.get().content
    has_it = "Last words" in [row["value"] for row in content["answers"]]
    assert has_it != bool(refusals(answers))


def test_one_person_hands_in_no_more_than_the_call_takes_at_once():
    call = make.opened(most_as_pi=1)
    pi = UserFactory()
    both = [proposals.complete(call, pi=pi) for _one in "ab"]

    answers = at_once(
        *[lambda one=one: services.submit_proposal(one, at=NOON, by=pi) for one in both]
    )

    assert refusals(answers) == [OverTheLimit]
    assert Proposal.objects.handed_in().count() == 1


def test_a_call_closes_or_takes_what_is_handed_in_by_its_last_instant():
    proposal = proposals.complete()
    pi, last = proposals.pi_of(proposal), NOON + 10 * DAY

    answers = at_once(
        lambda: services.submit_proposal(proposal, at=last, by=pi),
        lambda: services.cancel_call(proposal.call, reason="No money", at=last, by=pi),
    )

    is_in = ProposalSnapshot.objects.exists()
    assert len(refusals(answers)) == (0 if is_in else 1)


def test_two_of_the_office_move_one_proposal_and_it_is_moved_once():
    proposal = screen.passed()

    answers = at_once(
        lambda: services.accept_proposal(proposal, **screen.ACT),
        lambda: screen.returned(proposal),
    )

    assert refusals(answers) == [IllegalTransition]
    assert ScreeningMove.objects.count() == 1


def test_a_move_is_undone_once_though_two_ask_at_once():
    move = screen.returned()

    undo = [lambda: services.undo_move(move, **screen.ACT)] * 2
    answers = at_once(*undo)

    assert refusals(answers) == [MovedOn]
    assert Proposal.objects.get().state == "submitted"


def test_several_are_moved_by_one_of_two_who_ask_at_once():
    call = make.opened()
    both = [screen.waiting(call) for _one in "ab"]
    services.close_call(call, at=screen.LATER, by=None)
    by = UserFactory()
    told = {"kind": "returned", "reason": "No", "at": screen.LATER, "by": by}

    move = [lambda: services.move_together(both, **told)] * 2
    answers = at_once(*move)

    assert refusals(answers) == [NobodyMoved]
    assert ScreeningMove.objects.count() == 2


def test_a_return_is_appealed_once_though_the_pi_asks_twice_at_once():
    move = screen.returned()

    appeal = [lambda: screen.appealed(move)] * 2

    assert refusals(at_once(*appeal)) == [AppealedAlready]
