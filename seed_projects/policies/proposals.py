"""Who reads and writes proposals: their people, and INM once they are handed in."""

from typing import Any

from django.db.models import Q

from consortium.ties import companies_of
from inm_portal.kernel.permissions import (
    ANYONE,
    NOBODY,
    Rule,
    permission,
    staff,
)

from ..models import (
    INVESTIGATORS,
    WRITERS,
    AuthorRight,
    AuthorRole,
    Proposal,
    ProposalPerson,
    QuestionKind,
)
from ..states import HANDED_IN, CallState, ProposalState

DRAFT = Q(state=ProposalState.DRAFT)
SUBMITTED = Q(state=ProposalState.SUBMITTED)
#: Nobody at INM reads a proposal to a sealed call before the call closes.
UNSEALED = Q(call__is_sealed=False) | ~Q(call__state=CallState.OPEN)


def of_people(user: Any, **what: Any) -> Q:
    """Return the condition of the proposals in which somebody has such a part."""
    return Q(people__in=_parts(user, **what))


def _parts(user: Any, **what: Any) -> Any:

    return ProposalPerson.objects.filter(person=user, **what)


def screened(user: Any, right: str) -> Q:
    """Return what INM sees: what was handed in, and is not sealed any more."""
    return ~DRAFT & UNSEALED if user.has_perm(f"seed_projects.{right}") else NOBODY


@permission("seed_projects.view_proposal")
def view_proposal(user: Any) -> Q:
    return of_people(user) | screened(user, "view_proposal")


def those_who(where: Q, **what: Any) -> Rule:
    """Return the rule: who has such a part, of the proposals that ``where`` picks."""
    return lambda user: where & of_people(user, **what)


for action, rule in {
    "change": those_who(DRAFT, right__in=WRITERS),
    "answer": those_who(DRAFT, right__in=WRITERS),
    "write_answer": those_who(DRAFT, right__in=WRITERS),
    "attach": those_who(DRAFT, right__in=WRITERS),
    "comment": those_who(Q()),
    "lacks": those_who(DRAFT),
    "budget": those_who(DRAFT, right__in=WRITERS),
    "declare": those_who(DRAFT, role__in=INVESTIGATORS),
    "add_author": those_who(DRAFT, right=AuthorRight.SUBMIT),
    "submit": those_who(DRAFT, right=AuthorRight.SUBMIT),
    "take_back": those_who(SUBMITTED, right=AuthorRight.SUBMIT),
    "revive": those_who(Q(state=ProposalState.WITHDRAWN), role=AuthorRole.PI),
}.items():
    permission(f"seed_projects.{action}_proposal")(rule)


@permission("seed_projects.withdraw_proposal")
def withdraw_proposal(user: Any) -> Q:
    """The PI, or INM on request."""
    theirs = of_people(user, role=AuthorRole.PI)
    return Q(state__in=HANDED_IN) & (theirs | screened(user, "change_proposal"))


@permission("seed_projects.propose_call")
def propose_call(user: Any) -> Q:
    """Whoever signs in and does not come from a company, while the call is open."""
    return NOBODY if companies_of(user) else Q(state=CallState.OPEN)


@permission("seed_projects.confirm_proposalperson")
def confirm_proposalperson(user: Any) -> Q:
    asked = Q(person=user) | Q(person=None, email__iexact=user.email)
    return asked & Q(confirmed_at=None)


@permission("seed_projects.decline_proposalperson")
def decline_proposalperson(user: Any) -> Q:
    """Who was asked, while it is a draft."""
    asked = Q(person=user) | Q(person=None, email__iexact=user.email)
    return asked & ~Q(role=AuthorRole.PI) & Q(proposal__state=ProposalState.DRAFT)


@permission("seed_projects.view_proposalcomment")
def view_proposalcomment(user: Any) -> Q:
    """The people of the proposal, and nobody at INM."""
    return Q(proposal__people__in=_parts(user))


for action in ["change", "remove"]:
    permission(f"seed_projects.{action}_proposalperson")(
        lambda user: (
            Q(proposal__state=ProposalState.DRAFT)
            & ~Q(role=AuthorRole.PI)
            & Q(proposal__people__in=_parts(user, right=AuthorRight.SUBMIT))
        )
    )


def with_its_proposal(way: str = "proposal") -> Rule:
    """Return the rule: who reads the proposal that ``way`` leads to."""

    def rule(user: Any) -> Q:

        rows = Proposal.objects.filter(view_proposal(user)).order_by()
        return Q(**{f"{way}__in": rows.values("pk")})

    return rule


for part in ["answer", "declaration", "budgetline", "proposalperson"]:
    permission(f"seed_projects.view_{part}")(with_its_proposal())
for action in ["view", "take"]:
    permission(f"seed_projects.{action}_proposalsnapshot")(with_its_proposal())
permission("seed_projects.view_asidetext")(with_its_proposal("answer__proposal"))


@permission("seed_projects.remove_file_answer")
def remove_file_answer(user: Any) -> Q:
    """Who writes the draft, of an answer that is a file."""
    return Q(
        question__kind=QuestionKind.FILE,
        proposal__state=ProposalState.DRAFT,
        proposal__people__in=_parts(user, right__in=WRITERS),
    )


@permission("seed_projects.settle_asidetext")
def settle_asidetext(user: Any) -> Q:
    return Q(
        settled_at=None,
        answer__proposal__state=ProposalState.DRAFT,
        answer__proposal__people__in=_parts(user, right__in=WRITERS),
    )


permission("seed_projects.view_costrate")(lambda _user: ANYONE)
permission("seed_projects.record_costrate")(staff("seed_projects.add_costrate"))
