"""Move several proposals at once: see first who is moved, and undo it for a while."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    Ground,
    MoveBatch,
    MoveKind,
    Proposal,
    ProposalPerson,
    ScreeningMove,
)
from ..states import ProposalState
from ..verbs import Verb
from .screening import (
    UNDO_FOR,
    AlreadyTold,
    MovedOn,
    NotScreened,
    accept_proposal,
    lacks_of_each,
    require_closed,
    require_unsealed,
    return_proposal,
    undo_move,
)
from .submission import OverTheLimit, words_of_limits


class NobodyMoved(Refusal):
    """None of the proposals can be moved; the words say why of the first."""

    code = "nobody_moved"


class NotTogether(Refusal):
    """Each is sent back for something else, so not several at once."""

    code = "not_together"
    field = "kind"


@dataclass(frozen=True)
class Outlook:
    """Whether a proposal would be moved; ``words`` say why not."""

    proposal: Proposal
    words: str = ""

    @property
    def is_moved(self) -> bool:
        return not self.words


def preview_moves(
    proposals: Iterable[Proposal], *, kind: str, by: User | None = None
) -> list[Outlook]:
    """
    Return of each proposal whether a move would take it; nothing is changed.

    A few statements for all; ``proposals`` are read with their calls.
    """
    ordered = sorted(proposals, key=lambda one: one.pk)
    facts = _Facts(ordered, by) if ordered else None
    return [Outlook(one, facts.why_not(one, kind) if facts else "") for one in ordered]


class _Facts:
    """What stands against moves of several proposals, read for all at once."""

    def __init__(self, proposals: Sequence[Proposal], by: User | None) -> None:
        keys = [one.pk for one in proposals]
        self.lacks = lacks_of_each(keys)
        rows = ProposalPerson.objects.of_investigators().filter(person__isnull=False)
        self.parts = list(rows.filter(proposal__in=keys))
        theirs = ProposalPerson.objects.filter(proposal__in=keys, person=by)
        self.theirs = set(theirs.values_list("proposal", flat=True)) if by else set()
        others = rows.filter(
            person__in={part.person_id for part in self.parts},
            proposal__in=Proposal.objects.handed_in().filter(
                stage__in={one.stage_id for one in proposals}
            ),
        )
        names = ["person", "proposal__stage", "proposal", "role"]
        self.handed_in = list(others.values_list(*names))

    def why_not(self, proposal: Proposal, kind: str) -> str:
        """Return in words why a proposal stays as it is."""
        try:
            self._require(proposal, kind)
        except Refusal as refusal:
            return str(refusal)
        return ""

    def _require(self, proposal: Proposal, kind: str) -> None:
        if proposal.pk in self.theirs:
            raise MovedOn(_("You take part in it; somebody else moves it."))
        require_unsealed(proposal.call)
        if proposal.state != ProposalState.SUBMITTED:
            raise MovedOn(_("It does not wait to be screened."))
        if kind != MoveKind.ACCEPTED:
            return
        require_closed(proposal.call)
        for part in self.parts:
            if part.proposal_id == proposal.pk:
                self._require_limit(proposal, part)
        if lacks := self.lacks[proposal.pk]:
            raise NotScreened(" ".join(lacks))

    def _require_limit(self, proposal: Proposal, part: ProposalPerson) -> None:
        roles = [
            role
            for person, stage, key, role in self.handed_in
            if (person, stage) == (part.person_id, proposal.stage_id)
            and key != proposal.pk
        ]
        if words := words_of_limits(proposal.call, part, roles):
            raise OverTheLimit(words)


@transaction.atomic
def move_together(
    proposals: Iterable[Proposal],
    *,
    kind: str,
    ground: str = "",
    reason: str = "",
    at: datetime,
    by: User,
) -> MoveBatch:
    """
    Accept or return each of several proposals that can be; the others stay.

    Who was left out, and why, is kept with the batch.

    :raises NotTogether: if they are to be sent back.
    :raises NobodyMoved: if none of them can be moved.
    """
    if kind not in (MoveKind.ACCEPTED, MoveKind.RETURNED):
        raise NotTogether(_("Send each one back by itself, for what it lacks."))
    ordered = sorted(proposals, key=lambda one: one.pk)
    locked = {
        one.pk: one
        for one in Proposal.objects.filter(pk__in=[one.pk for one in ordered])
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("call")
    }
    looks = preview_moves(locked.values(), kind=kind, by=by)
    left = [(one.proposal.pk, one.words) for one in looks if not one.is_moved]
    if len(left) == len(looks):
        raise NobodyMoved(left[0][1] if left else _("Choose at least one."))
    batch = MoveBatch.objects.create(
        kind=kind,
        refused=[{"proposal": key, "words": words} for key, words in left],
        made_by=by,
        made_at=at,
        told_at=at + UNDO_FOR,
    )
    told: dict[str, Any] = {"batch": batch, "at": at, "by": by}
    for one in looks:
        if not one.is_moved:
            continue
        if kind == MoveKind.ACCEPTED:
            accept_proposal(one.proposal, **told)
        else:
            told_why: dict[str, Any] = {"ground": ground or Ground.OTHER}
            return_proposal(one.proposal, reason=reason, **told_why, **told)
    facts = {"kind": kind, "moved": len(looks) - len(left), "left": len(left)}
    journal.record(Verb.PROPOSALS_MOVED, batch, by=by, **facts)
    return batch


@transaction.atomic
def undo_together(
    batch: MoveBatch, *, at: datetime, by: User | None
) -> list[ScreeningMove]:
    """
    Undo what is left of a batch: what was not undone, and to which nothing happened.

    :raises AlreadyTold: once its letters go out.
    :raises MovedOn: if nothing of it can be undone any more.
    """
    if at >= batch.told_at:
        raise AlreadyTold(_("Its people know of it; it cannot be undone."))
    undone = []
    moves = batch.moves.select_related("snapshot__proposal")
    for move in moves.order_by("snapshot__proposal"):
        try:
            with transaction.atomic():
                undone.append(undo_move(move, at=at, by=by))
        except MovedOn:
            continue
    if not undone:
        raise MovedOn(_("Nothing of it can be undone any more."))
    journal.record(Verb.MOVES_UNDONE, batch, by=by, undone=len(undone))
    return undone
