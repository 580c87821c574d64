"""Who screens what was handed in, who moves it on, and who decides of appeals."""

from typing import Any

from django.db.models import Exists, Q
from django.utils import timezone

from inm_portal.kernel.permissions import NOBODY, Rule, permission, staff
from inm_portal.kernel.tasklist import kept_from

from ..models import (
    UNDONE_FOR_A_WHILE,
    Appeal,
    AuthorRole,
    MoveKind,
    ScreenedProposal,
    ScreeningMove,
    out_for_more,
)
from ..states import PUBLISHED, CallState, LetterState, ProposalState
from .proposals import UNSEALED, of_people

DRAFT = Q(state=ProposalState.DRAFT)
SUBMITTED = Q(state=ProposalState.SUBMITTED)
#: What was sent back, and not handed in again since.
OUT = DRAFT & Q(Exists(out_for_more()))


def screens(user: Any, right: str, where: Q) -> Q:
    """Return what somebody of the office screens: nothing sealed, nothing of theirs."""
    if not user.has_perm(f"seed_projects.{right}"):
        return NOBODY
    return where & UNSEALED & ~of_people(user)


@permission("seed_projects.view_screenedproposal")
def view_screenedproposal(user: Any) -> Q:
    """INM reads what was handed in, but for those whom the proposal names."""
    return screens(user, "view_proposal", ~DRAFT | OUT)


def changes(where: Q) -> Rule:
    """Return the rule: who moves on what is screened, of what ``where`` picks."""
    return lambda user: screens(user, "change_proposal", where)


for action, where in {
    "check": SUBMITTED,
    "accept": SUBMITTED,
    "turn_down": SUBMITTED | OUT,
    "send_back": SUBMITTED | OUT,
    "leave_out": SUBMITTED,
}.items():
    permission(f"seed_projects.{action}_screenedproposal")(changes(where))


def _screened(user: Any) -> Any:
    rows = ScreenedProposal.objects.filter(view_screenedproposal(user)).order_by()
    return rows.values("pk")


def _as_pi(user: Any) -> Any:
    from_theirs = of_people(user, role=AuthorRole.PI)
    return ScreenedProposal.objects.filter(from_theirs).order_by().values("pk")


def _of_theirs(user: Any) -> Any:
    return ScreenedProposal.objects.filter(of_people(user)).order_by().values("pk")


@permission("seed_projects.view_screeningcheck")
def view_screeningcheck(user: Any) -> Q:
    return Q(snapshot__proposal__in=_screened(user))


@permission("seed_projects.view_screeningmove")
def view_screeningmove(user: Any) -> Q:
    """INM at once; its people once they are told, of what was not undone."""
    told = Q(told_at__lte=timezone.now(), undo=None)
    return Q(snapshot__proposal__in=_screened(user)) | (
        told & Q(snapshot__proposal__in=_of_theirs(user))
    )


@permission("seed_projects.undo_screeningmove")
def undo_screeningmove(user: Any) -> Q:
    if not user.has_perm("seed_projects.change_proposal"):
        return NOBODY
    fresh = Q(kind__in=UNDONE_FOR_A_WHILE, undo=None, told_at__gt=timezone.now())
    return fresh & Q(snapshot__proposal__in=_screened(user))


@permission("seed_projects.appeal_screeningmove")
def appeal_screeningmove(user: Any) -> Q:
    """The PI, once, in time."""
    returned = Q(kind=MoveKind.RETURNED, undo=None, appeal=None)
    in_time = Q(told_at__lte=timezone.now(), until_at__gte=timezone.now())
    return returned & in_time & Q(snapshot__proposal__in=_as_pi(user))


permission("seed_projects.view_movebatch")(staff("seed_projects.view_proposal"))


@permission("seed_projects.undo_movebatch")
def undo_movebatch(user: Any) -> Q:
    may = user.has_perm("seed_projects.change_proposal")
    return Q(told_at__gt=timezone.now()) if may else NOBODY


@permission("seed_projects.view_appeal")
def view_appeal(user: Any) -> Q:
    rows = ScreeningMove.objects.filter(view_screeningmove(user)).order_by()
    return Q(move__in=rows.values("pk"))


@permission("seed_projects.decide_appeal")
def decide_appeal(user: Any) -> Q:
    """A director who did not return the proposal, and takes no part in it."""
    if not user.has_perm("seed_projects.add_appealdecision"):
        return NOBODY
    others = Q(decision=None) & ~Q(move__moved_by=user)
    return others & Q(move__snapshot__proposal__in=_screened(user))


@kept_from("seed_projects.appeal")
def _who_returned(user: Any) -> Q:
    rows = Appeal.objects.filter(move__moved_by=user).order_by()
    return Q(subject_id__in=rows.values("pk"))


#: Figures are for all of INM; what they count is for who may read it.
permission("seed_projects.dashboard_call")(staff("seed_projects.view_call"))


@permission("seed_projects.book_call")
def book_call(user: Any) -> Q:
    """Who reads proposals, once the call is published and not sealed any more."""
    if not user.has_perm("seed_projects.view_proposal"):
        return NOBODY
    unsealed = Q(is_sealed=False) | ~Q(state=CallState.OPEN)
    return unsealed & Q(state__in=PUBLISHED)


@permission("seed_projects.write_letter_call")
def write_letter_call(user: Any) -> Q:
    may = user.has_perm("seed_projects.change_proposal")
    return Q(state__in=PUBLISHED) if may else NOBODY


for action in ["view", "preview"]:
    permission(f"seed_projects.{action}_callletter")(
        staff("seed_projects.view_proposal")
    )

for action in ["change", "send"]:
    permission(f"seed_projects.{action}_callletter")(
        lambda user: (
            Q(state=LetterState.DRAFT) & staff("seed_projects.change_proposal")(user)
        )
    )
