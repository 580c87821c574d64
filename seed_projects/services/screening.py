"""Check what was handed in, accept it into review, return it, or send it back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails, outbox
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Message
from inm_portal.kernel.reminders.business_days import business_days

from ..models import (
    UNDONE_FOR_A_WHILE,
    AuthorRole,
    Call,
    CheckKind,
    Ground,
    MoveBatch,
    MoveKind,
    MoveUndo,
    Proposal,
    ProposalPerson,
    ProposalSnapshot,
    ScreeningCheck,
    ScreeningMove,
    Theme,
    out_for_more,
)
from ..states import CallState, ProposalState
from ..verbs import Verb
from .opening import in_zone
from .submission import StillSealed, require_limits

#: Letters of a move wait so long, during which it can be undone.
UNDO_FOR = timedelta(minutes=10)
#: The PI appeals within so many working days (6.3 of the field's rules).
APPEAL_DAYS = 5
#: A co-investigator who did not confirm so long after the submission is left out.
CONFIRM_WITHIN = timedelta(days=3)
#: Proposals of calls in these states can be written when they are sent back.
SENDS_BACK = [CallState.OPEN, CallState.CLOSED, CallState.IN_REVIEW]


class NotScreened(Refusal):
    """A check is missing or failed, or an investigator did not confirm."""

    code = "not_screened"


class StillOpen(Refusal):
    code = "still_open"


class NotInScreening(Refusal):
    code = "not_in_screening"


class NotSaid(Refusal):
    code = "not_said"
    field = "note"


class NotATheme(Refusal):
    code = "not_a_theme"
    field = "theme"


class NotAhead(Refusal):
    code = "not_ahead"
    field = "until_at"


class AlreadyTold(Refusal):
    code = "already_told"


class MovedOn(Refusal):
    code = "moved_on"


class NotDue(Refusal):
    code = "not_due"


@dataclass(frozen=True)
class Finding:
    """What was found on one line of the list of checks."""

    kind: str
    passes: bool
    note: str = ""
    theme: Theme | None = None


def last_snapshot(proposal: Proposal) -> ProposalSnapshot:
    """Return what was handed in last."""
    found: ProposalSnapshot = proposal.snapshots.latest("number")
    return found


def require_unsealed(call: Call) -> None:
    """
    :raises StillSealed: if nobody at INM reads its proposals yet.
    """
    if call.is_sealed and call.state == CallState.OPEN:
        raise StillSealed(_("The call is sealed until it closes."))


def _handed_in(proposal: Proposal) -> Proposal:
    found: Proposal = Proposal.objects.locked(proposal)
    require_unsealed(found.call)
    return found


@transaction.atomic
def record_checks(
    proposal: Proposal, findings: Iterable[Finding], *, at: datetime, by: User | None
) -> list[ScreeningCheck]:
    """
    Write down what was found of the last submission; the last of a kind holds.

    :raises NotInScreening: unless it waits to be screened.
    :raises NotSaid: if something fails and nobody says why.
    :raises NotATheme: if a theme is not one of the call, or not of its scope.
    """
    proposal = _handed_in(proposal)
    if proposal.state != ProposalState.SUBMITTED:
        raise NotInScreening(_("It does not wait to be screened."))
    snapshot, made = last_snapshot(proposal), []
    for one in findings:
        _require_said(one, proposal.call)
        row = snapshot.checks.create(
            kind=one.kind,
            passes=one.passes,
            note=one.note,
            theme=one.theme,
            checked_by=by,
            checked_at=at,
        )
        made.append(row)
    if made:
        found = {row.kind: row.passes for row in made}
        facts = {"checks": found, "submission": snapshot.number}
        journal.record(Verb.PROPOSAL_CHECKED, proposal, by=by, **facts)
    return made


def _require_said(one: Finding, call: Call) -> None:
    if not one.passes and not one.note.strip():
        raise NotSaid(_("Say what is wrong."), field=f"{one.kind}_note")
    if one.theme is None:
        return
    is_of_call = call.themes.filter(pk=one.theme.pk).exists()
    if one.kind != CheckKind.SCOPE or not is_of_call:
        raise NotATheme(_("Choose a theme of the call, for what is in its scope."))


def lacks_of_screening(proposal: Proposal) -> list[str]:
    """Return in words why a proposal cannot be accepted into review yet."""
    return lacks_of_each([proposal.pk])[proposal.pk]


def lacks_of_each(keys: Collection[int]) -> dict[int, list[str]]:
    """Return the same of several proposals, by a few statements for all."""
    rows = ScreeningCheck.objects.standing().filter(
        snapshot__in=ProposalSnapshot.objects.filter(proposal__in=keys)
        .order_by("proposal_id", "-number")
        .distinct("proposal_id")
        .values("pk")
    )
    told = rows.values_list("snapshot__proposal", "kind", "passes")
    found = {(key, kind): passes for key, kind, passes in told}
    waiting = ProposalPerson.objects.waiting().filter(proposal__in=keys)
    names = list(waiting.values_list("proposal", "name"))
    words = _("%(name)s did not confirm.")
    return {
        key: _lacks_of_checks({kind: found.get((key, kind)) for kind in CheckKind})
        + [words % {"name": name} for of, name in names if of == key]
        for key in keys
    }


def _lacks_of_checks(found: Mapping[CheckKind, bool | None]) -> list[str]:
    words = {None: _("Not checked: %(what)s."), False: _("Failed: %(what)s.")}
    return [
        words[passes] % {"what": kind.label}
        for kind, passes in found.items()
        if not passes
    ]


def require_closed(call: Call) -> None:
    """
    :raises StillOpen: while people of its proposals may take them back.
    """
    if call.state == CallState.OPEN:
        words = _("The call is open; its people may take it back until it closes.")
        raise StillOpen(words)


def require_acceptable(proposal: Proposal) -> None:
    """
    :raises StillOpen: while its people may take it back.
    :raises OverTheLimit: if an investigator handed in too many by now (case 53).
    :raises NotScreened: if a check is missing or failed; the words say which.
    """
    require_closed(proposal.call)
    require_limits(proposal)
    if lacks := lacks_of_screening(proposal):
        raise NotScreened(" ".join(lacks))


@transaction.atomic
def accept_proposal(
    proposal: Proposal,
    *,
    batch: MoveBatch | None = None,
    at: datetime,
    by: User | None,
) -> ScreeningMove:
    """
    Accept a proposal into review; its people hear of it once it cannot be undone.

    :raises IllegalTransition: unless it waits to be screened.
    :raises StillSealed: if nobody at INM reads it yet.
    :raises StillOpen, OverTheLimit, NotScreened: as `require_acceptable` says.
    """
    proposal = _handed_in(proposal)
    proposal.move_to(ProposalState.IN_REVIEW)
    require_acceptable(proposal)
    _save(proposal)
    move = _moved(proposal, MoveKind.ACCEPTED, batch=batch, at=at, by=by)
    journal.record(Verb.PROPOSAL_ACCEPTED, proposal, by=by, move=move.pk)
    _tell("proposal_accepted", proposal, move)
    return move


@transaction.atomic
def return_proposal(
    proposal: Proposal,
    *,
    reason: str,
    ground: str = Ground.OTHER,
    batch: MoveBatch | None = None,
    at: datetime,
    by: User | None,
) -> ScreeningMove:
    """
    Return a proposal without review, for the rule that it breaks (``ground``).

    Its people hear of it once it cannot be undone; the PI may appeal within five
    working days. What was sent back and not handed in again in time is returned as
    it was handed in before, and told at once.

    :raises IllegalTransition: unless it waits to be screened.
    :raises StillSealed: if nobody at INM reads it yet.
    :raises NotDue: while its people have time to hand it in again.
    """
    proposal = _handed_in(proposal)
    was_draft = proposal.is_draft
    if was_draft:
        _require_lapsed(proposal, at=at)
        proposal.submitted_at = last_snapshot(proposal).submitted_at
    proposal.move_to(ProposalState.RETURNED)
    proposal.returned_at, proposal.reason = at, reason[:1000]
    _save(proposal, "submitted_at", "returned_at", "reason")
    told: dict[str, Any] = {"ground": ground, "words": reason, "batch": batch}
    told |= {"until_at": end_of_appeal(proposal.call, at=at), "at": at, "by": by}
    move = _moved(proposal, MoveKind.RETURNED, **told, is_final=was_draft)
    facts = {"move": move.pk, "ground": ground}
    journal.record(Verb.PROPOSAL_RETURNED, proposal, by=by, **facts)
    until = in_zone(told["until_at"], proposal.call)
    _tell("proposal_returned", proposal, move, reason=reason, until=until)
    return move


def _require_lapsed(proposal: Proposal, *, at: datetime) -> None:
    out = out_for_more(proposal.pk).first()
    if out is None:
        raise NotInScreening(_("It was not handed in."))
    if at <= out.until_at:
        words = _("Its people may hand it in again until %(when)s.")
        raise NotDue(words % {"when": in_zone(out.until_at, proposal.call)})


def end_of_appeal(call: Call, *, at: datetime) -> datetime:
    """Return the last instant of an appeal against a return: five working days."""
    day = at.astimezone(call.time_zone).date()
    open_days = business_days(first=day, last=day + timedelta(days=30))
    last = open_days.shifted(day, APPEAL_DAYS)
    return datetime.combine(last, time(23, 59, 59), tzinfo=call.time_zone)


@transaction.atomic
def send_back(
    proposal: Proposal,
    *,
    asked: str,
    until_at: datetime,
    at: datetime,
    by: User | None,
) -> ScreeningMove:
    """
    Send a proposal back for more information; its people may write until an instant.

    Within exactly that time it is a draft for them, whatever the deadline of the
    call; INM keeps reading what was handed in before. Asked again while it is out,
    it is more time. They are told at once.

    :raises NotAhead: unless the instant is ahead, and after the one before.
    :raises StillSealed: if nobody at INM reads it yet.
    :raises NotInScreening: unless it waits to be screened, or is out already.
    """
    proposal = _handed_in(proposal)
    out = out_for_more(proposal.pk).first() if proposal.is_draft else None
    if proposal.call.state not in SENDS_BACK or (proposal.is_draft and out is None):
        raise NotInScreening(_("It does not wait to be screened."))
    if until_at <= max(at, out.until_at if out else at):
        raise NotAhead(_("Choose an instant that is ahead, and later than before."))
    if out is None:
        proposal.move_to(ProposalState.DRAFT)
        proposal.submitted_at = None
        _save(proposal, "submitted_at")
    told: dict[str, Any] = {"words": asked, "until_at": until_at, "at": at, "by": by}
    move = _moved(proposal, MoveKind.SENT_BACK, **told)
    facts = {"move": move.pk, "until": until_at}
    journal.record(Verb.PROPOSAL_SENT_BACK, proposal, by=by, **facts)
    until = in_zone(until_at, proposal.call)
    _tell("proposal_sent_back", proposal, move, asked=asked, until=until)
    return move


@transaction.atomic
def undo_move(move: ScreeningMove, *, at: datetime, by: User | None) -> ScreeningMove:
    """
    Undo what nobody has heard of yet; the proposal waits to be screened again.

    :raises AlreadyTold: once its letters go out, or if it cannot be undone.
    :raises MovedOn: if it was undone before, or something followed.
    """
    proposal = Proposal.objects.locked(move.snapshot.proposal)
    if move.kind not in UNDONE_FOR_A_WHILE or at >= move.told_at:
        raise AlreadyTold(_("Its people know of it; it cannot be undone."))
    if MoveUndo.objects.filter(move=move).exists():
        raise MovedOn(_("It was undone before."))
    last = ScreeningMove.objects.filter(snapshot__proposal=proposal).latest("pk")
    kept = ProposalState.IN_REVIEW, ProposalState.RETURNED
    if last != move or proposal.state not in kept:
        raise MovedOn(_("Something happened to it since; it cannot be undone."))
    proposal.move_to(ProposalState.SUBMITTED)
    proposal.returned_at, proposal.reason = None, ""
    _save(proposal, "returned_at", "reason")
    MoveUndo.objects.create(move=move, undone_by=by, undone_at=at)
    journal.record(Verb.MOVE_UNDONE, proposal, by=by, move=move.pk)
    return move


@transaction.atomic
def leave_out(part: ProposalPerson, *, at: datetime, by: User | None) -> Proposal:
    """
    Leave a co-investigator out who did not confirm within three days (case 52).

    What was handed in still names them, as unconfirmed.

    :raises NotDue: if they confirmed, or have time left.
    :raises NotInScreening: unless it waits to be screened.
    """
    proposal = _handed_in(part.proposal)
    if proposal.state != ProposalState.SUBMITTED or proposal.submitted_at is None:
        raise NotInScreening(_("It does not wait to be screened."))
    part = ProposalPerson.objects.select_for_update(of=("self",)).get(pk=part.pk)
    is_waiting = part.role == AuthorRole.CO_PI and part.confirmed_at is None
    if not is_waiting or at < proposal.submitted_at + CONFIRM_WITHIN:
        raise NotDue(_("Co-investigators have three days to confirm."))
    facts = {"person": part.person_id, "role": part.role}
    journal.record(Verb.AUTHOR_REMOVED, proposal, by=by, **facts)
    part.delete()
    return proposal


def _moved(
    proposal: Proposal,
    kind: MoveKind,
    *,
    at: datetime,
    by: User | None,
    is_final: bool = False,
    **told: Any,
) -> ScreeningMove:
    waits = kind in UNDONE_FOR_A_WHILE and not is_final
    row: ScreeningMove = last_snapshot(proposal).moves.create(
        kind=kind,
        **told,
        moved_by=by,
        moved_at=at,
        told_at=at + UNDO_FOR if waits else at,
    )
    return row


def people_told(proposal: Proposal) -> Sequence[User]:
    """Return the people of a proposal who have an account and may sign in."""
    parts = proposal.people.filter(person__is_active=True)
    return list(User.objects.filter(pk__in=parts.values("person")).order_by("pk"))


def _tell(kind: str, proposal: Proposal, move: ScreeningMove, **told: Any) -> None:
    context = {"proposal": proposal, "call": proposal.call, "move": move, **told}
    for person in people_told(proposal):
        mails.write(
            f"seed_projects/mail/{kind}",
            to=person,
            slot="",
            at=move.told_at,
            about=move,
            context=context,
        )


def unless_undone(message: Message, *, at: datetime) -> str:
    """Return why the letter of a move is not sent: it was undone."""
    is_undone = MoveUndo.objects.filter(move=message.about_id).exists()
    return _("The move was undone.") if is_undone else ""


for name in ["proposal_accepted", "proposal_returned"]:
    outbox.rechecked(f"seed_projects/mail/{name}")(unless_undone)


def _save(proposal: Proposal, *more: str) -> None:
    proposal.version += 1
    proposal.save(update_fields=["state", "version", *more])
