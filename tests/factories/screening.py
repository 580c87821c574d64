"""Proposals that wait to be screened, that passed, that were moved or appealed."""

from inm_portal.accounts.models import User
from seed_projects import services
from seed_projects.models import (
    Appeal,
    Call,
    CheckKind,
    Proposal,
    ScreenedProposal,
    ScreeningMove,
)
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories.calls import DAY, NOON

#: When the call of `waiting` has closed, and its proposals are screened.
LATER = NOON + 11 * DAY
ACT = {"at": LATER, "by": None}


def seen(proposal: Proposal) -> ScreenedProposal:
    return ScreenedProposal.objects.get(pk=proposal.pk)


def waiting(call: Call | None = None, **told) -> Proposal:
    """A proposal of a call that is closed; of one that is open, if it is given."""
    is_own = call is None
    call = call or make.opened()
    made = proposals.submitted(call, **told)
    if is_own:
        services.close_call(call, at=LATER, by=None)
    return Proposal.objects.get(pk=made.pk)


def checked(proposal: Proposal, *, fails: str = "", by: User | None = None) -> Proposal:
    findings = [
        services.Finding(kind, passes=kind != fails, note="It lacks much")
        for kind in CheckKind
    ]
    services.record_checks(proposal, findings, at=LATER, by=by)
    return proposal


def passed(call: Call | None = None, **told) -> Proposal:
    return checked(waiting(call, **told))


def returned(proposal: Proposal | None = None, **told) -> ScreeningMove:
    given = {"reason": "It is about bread", "ground": "out_of_scope"} | ACT | told
    return services.return_proposal(proposal or waiting(), **given)


def appealed(move: ScreeningMove | None = None, **told) -> Appeal:
    move = move or returned()
    pi = proposals.pi_of(move.snapshot.proposal)
    given = {"text": "Bread is made too", "at": LATER + DAY, "by": pi} | told
    return services.appeal(move, **given)


def sent_back(proposal: Proposal | None = None, **told) -> ScreeningMove:
    given = {"asked": "Say who pays the mill", "until_at": LATER + 3 * DAY} | ACT
    return services.send_back(proposal or waiting(), **given | told)
