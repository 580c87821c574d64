"""Appeal against a return, once and in time; somebody else decides of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails, tasklist
from inm_portal.kernel.errors import Refusal

from ..models import (
    Appeal,
    AppealDecision,
    MoveKind,
    MoveUndo,
    Proposal,
    ScreeningMove,
)
from ..states import ProposalState
from ..verbs import Verb
from .opening import in_zone
from .screening import end_of_appeal, people_told

#: The task that asks a director to decide.
DECIDE = "seed_projects.appeal"


class NotReturned(Refusal):
    code = "not_returned"


class AppealOver(Refusal):
    code = "appeal_over"


class AppealedAlready(Refusal):
    code = "appealed_already"


class ReturnedByYou(Refusal):
    """Who returned a proposal, or takes part in it, does not decide of its appeal."""

    code = "returned_by_you"


class DecidedAlready(Refusal):
    code = "decided_already"


@transaction.atomic
def appeal(move: ScreeningMove, *, text: str, at: datetime, by: User) -> Appeal:
    """
    Say against a return why the proposal should be reviewed.

    :raises NotReturned: if it was undone, or is no return that its people know of.
    :raises AppealOver: once five working days are over.
    :raises AppealedAlready: the second time.
    """
    proposal = Proposal.objects.locked(move.snapshot.proposal)
    is_undone = MoveUndo.objects.filter(move=move).exists()
    if move.kind != MoveKind.RETURNED or is_undone or at < move.told_at:
        raise NotReturned(_("It was not returned."))
    if move.until_at is None or at > move.until_at:
        raise AppealOver(_("The time to appeal is over."))
    if Appeal.objects.filter(move=move).exists():
        raise AppealedAlready(_("You appealed already; a director decides."))
    row = Appeal.objects.create(move=move, text=text, made_by=by, made_at=at)
    journal.record(Verb.RETURN_APPEALED, proposal, by=by, appeal=row.pk)
    tasklist.open_task(
        DECIDE,
        row,
        what=_("Decide of the appeal of %(number)s") % {"number": proposal.number},
        why=_("Its PI appeals against the return; who returned it does not decide."),
        due_on=end_of_appeal(proposal.call, at=at).date(),
        by=by,
        url=move.get_absolute_url(),
    )
    return row


@transaction.atomic
def decide_appeal(
    row: Appeal, *, is_upheld: bool, words: str, at: datetime, by: User
) -> AppealDecision:
    """
    Put a returned proposal back into the queue, or leave it returned; the PI hears.

    :raises ReturnedByYou: if ``by`` returned it, or takes part in it.
    :raises DecidedAlready: the second time.
    """
    move = row.move
    proposal = Proposal.objects.locked(move.snapshot.proposal)
    if by == move.moved_by or proposal.people.filter(person=by).exists():
        raise ReturnedByYou(_("Somebody decides who did not return it."))
    if AppealDecision.objects.filter(appeal=row).exists():
        raise DecidedAlready(_("This was decided before."))
    if is_upheld:
        proposal.move_to(ProposalState.SUBMITTED)
        proposal.returned_at, proposal.reason = None, ""
        proposal.version += 1
        fields = ["state", "version", "returned_at", "reason"]
        proposal.save(update_fields=fields)
    made = AppealDecision.objects.create(
        appeal=row, is_upheld=is_upheld, words=words, decided_by=by, decided_at=at
    )
    facts = {"appeal": row.pk, "upheld": is_upheld}
    journal.record(Verb.APPEAL_DECIDED, proposal, by=by, **facts)
    outcome = _("Back in the queue") if is_upheld else _("It stays returned")
    tasklist.finish_about(DECIDE, row, outcome=outcome, at=at, by=by)
    for person in people_told(proposal):
        mails.write(
            "seed_projects/mail/appeal_decided",
            to=person,
            slot="",
            at=at,
            about=row,
            context={
                "proposal": proposal,
                "call": proposal.call,
                "move": move,
                "outcome": outcome,
                "words": words,
                "when": in_zone(at, proposal.call),
            },
        )
    return made
