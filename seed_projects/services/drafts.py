"""Begin a proposal and write its facts; each write asks first whether it still may."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import share_turn, take_turns

from ..models import (
    AuthorRight,
    AuthorRole,
    Call,
    CallStage,
    Declaration,
    EligibilityRule,
    Proposal,
    ProposalPerson,
    Track,
    out_for_more,
)
from ..states import CallState
from ..verbs import Verb


class NotTaking(Refusal):
    """The call takes nothing at this stage now."""

    code = "not_taking"


class TooLate(Refusal):
    """The deadline of the proposal's PI is over, and the grace after it."""

    code = "too_late"


class NotDraft(Refusal):
    code = "not_draft"


class OfAnotherCall(Refusal):
    code = "of_another_call"


def _turn(call_id: int) -> str:
    return f"seed_projects.call:{call_id}"


def work_on(call_id: int) -> None:
    """Keep a call from closing until the transaction ends; others work on."""
    share_turn(_turn(call_id))


def end_work_on(call_id: int) -> None:
    """Wait for those who write for a call, before it closes or is cancelled."""
    take_turns(_turn(call_id))


def grace_of(call: Call) -> timedelta:
    """Return what a call silently allows after each deadline, the same for all."""
    return timedelta(minutes=call.grace_minutes)


def deadline_of(stage: CallStage, person: User | None) -> datetime:
    """Return the deadline of a stage, as extended for all or for a person."""
    rows = CallStage.objects.with_deadlines(person=person)
    return rows.get(pk=stage.pk).deadline_at


def pi_of(proposal: Proposal) -> User:
    """Return the principal investigator, by whose deadline all its people work."""
    part = proposal.people.filter(role=AuthorRole.PI)
    return next(iter(User.objects.filter(pk__in=part.values("person"))))


def require_taking(call: Call, stage: CallStage, *, person: User, at: datetime) -> None:
    """
    Insist that a call takes something of a person at a stage now.

    :raises NotTaking: if it is not open, or the stage is not open yet.
    :raises TooLate: once the deadline and the grace are over.
    """
    if call.state != CallState.OPEN or at < stage.opens_at:
        raise NotTaking(_("The call takes no proposals now."))
    if at > deadline_of(stage, person) + grace_of(call):
        raise TooLate(_("The deadline is over. Ask INM if you need an exception."))


def in_time(proposal: Proposal, *, at: datetime) -> Proposal:
    """
    Return a proposal, held until the transaction ends, whose deadline is ahead.

    Every path on which something is written or handed in begins here; ``at`` is when
    the server received it. What INM sent back is written within the time that INM
    gave, whatever the deadline of the call.

    :raises NotTaking: unless its call is open.
    :raises TooLate: once the deadline of its PI and the grace are over.
    """
    work_on(proposal.call_id)
    found: Proposal = Proposal.objects.locked(proposal)
    try:
        require_taking(found.call, found.stage, person=pi_of(found), at=at)
    except (NotTaking, TooLate):
        out = _time_given(found)
        if out is None:
            raise
        if at > out:
            raise TooLate(_("The time that INM gave is over.")) from None
    return found


def _time_given(proposal: Proposal) -> datetime | None:
    """Return until when INM sent a proposal back for more; None if it did not."""
    if not proposal.is_draft or proposal.call.state == CallState.CANCELLED:
        return None
    return out_for_more(proposal.pk).values_list("until_at", flat=True).first()


def open_draft(proposal: Proposal, *, at: datetime) -> Proposal:
    """
    Return a draft that can be written now, held until the transaction ends.

    :raises NotDraft: once it was submitted.
    """
    found = in_time(proposal, at=at)
    if not found.is_draft:
        raise NotDraft(_("It was submitted; take it back to change it."))
    return found


@transaction.atomic
def begin_proposal(
    stage: CallStage,
    *,
    title: str,
    pi: User,
    track: Track | None = None,
    former: Proposal | None = None,
    at: datetime,
    by: User,
) -> Proposal:
    """
    Begin a draft for a PI, who may be somebody else than who begins it.

    Somebody else takes part as the administrator who writes for the PI. For one that
    comes after a ``former`` one, see `resubmission.begin_again`.

    :raises NotTaking: if the call takes nothing at this stage, or invites to it.
    :raises TooLate: once the deadline is over.
    :raises OfAnotherCall: if the track is not one of the call.
    """
    work_on(stage.call_id)
    call = Call.objects.get(pk=stage.call_id)
    stage = call.stages.get(pk=stage.pk)
    require_taking(call, stage, person=pi, at=at)
    if stage.is_by_invitation:
        raise NotTaking(_("INM invites to this stage."))
    _require_track(call, track)
    facts: dict[str, Any] = {"call": call, "stage": stage, "form_id": stage.form_id}
    if former is not None:
        facts |= {"former": former, "abstract": former.abstract}
        facts["smallest_budget"] = former.smallest_budget
    proposal = Proposal.objects.create(**facts, title=title, track=track, begun_at=at)
    _join(proposal, pi, AuthorRole.PI, AuthorRight.SUBMIT, at=at, by=by)
    if by != pi:
        _join(proposal, by, AuthorRole.ADMINISTRATOR, AuthorRight.WRITE, at=at, by=by)
        ask_to_take_part(proposal.people.get(person=pi), at=at, by=by)
    journal.record(Verb.PROPOSAL_BEGUN, proposal, by=by, call=call.pk, pi=pi.pk)
    return proposal


def stage_that_takes(call: Call, *, of: User, at: datetime) -> CallStage:
    """
    Return the stage at which a call takes something of a PI now; or else its first.

    :raises NotTaking: if the call has no stage.
    """
    stages = list(call.stages.with_deadlines(person=of).order_by("opens_at"))
    until = [(s, s.deadline_at + grace_of(call)) for s in stages]
    taking = [s for s, end in until if s.opens_at <= at <= end]
    if not stages:
        raise NotTaking(_("The call takes no proposals now."))
    return (taking or stages)[0]


def _join(
    proposal: Proposal, user: User, role: str, right: str, *, at: datetime, by: User
) -> None:
    proposal.people.create(
        person=user,
        name=user.name,
        email=user.email,
        role=role,
        right=right,
        added_by=by,
        added_at=at,
        confirmed_at=at if user == by else None,
    )


def ask_to_take_part(part: ProposalPerson, *, at: datetime, by: User) -> None:
    """Write to somebody whom another person put into a proposal."""
    proposal = part.proposal
    mails.write(
        "seed_projects/mail/proposal_invitation",
        to=part.person or part.email,
        slot=str(part.pk),
        at=at,
        about=proposal,
        context={"proposal": proposal, "part": part, "call": proposal.call, "by": by},
    )


def _require_track(call: Call, track: Track | None) -> None:
    if track is not None and track.call_id != call.pk:
        raise OfAnotherCall(_("Choose a track of this call."), field="track")


@transaction.atomic
def change_proposal(
    proposal: Proposal,
    *,
    version: int | None = None,
    title: str,
    abstract: str = "",
    track: Track | None = None,
    starts_on: date | None = None,
    smallest_budget: Decimal | None = None,
    at: datetime,
    by: User | None,
) -> Proposal:
    """
    Change what stands above the answers of a draft.

    :raises EditConflict: if somebody else changed it since it was read.
    :raises OfAnotherCall: if the track is not one of the call.
    """
    proposal = open_draft(proposal, at=at)
    _require_track(proposal.call, track)
    told: dict[str, Any] = {"title": title, "abstract": abstract, "track": track}
    told |= {"starts_on": starts_on, "smallest_budget": smallest_budget}
    if changed := proposal.edit(version, **told):
        journal.record(Verb.PROPOSAL_CHANGED, proposal, by=by, changed=changed)
    return proposal


@transaction.atomic
def declare(
    proposal: Proposal,
    *,
    met: Mapping[EligibilityRule, bool],
    at: datetime,
    by: User | None,
) -> None:
    """
    Say of rules whether the investigators meet them; the last word counts.

    :raises OfAnotherCall: if one of the rules is not one of the call.
    """
    proposal = open_draft(proposal, at=at)
    if any(rule.call_id != proposal.call_id for rule in met):
        raise OfAnotherCall(_("That is no rule of this call."))
    said = {"declared_by": by, "declared_at": at}
    Declaration.objects.bulk_create(
        [
            Declaration(proposal=proposal, rule=rule, is_met=is_met, **said)
            for rule, is_met in met.items()
        ],
        update_conflicts=True,
        unique_fields=["proposal", "rule"],
        update_fields=["is_met", *said],
    )
    facts = {str(rule.pk): is_met for rule, is_met in met.items()}
    journal.record(Verb.ELIGIBILITY_DECLARED, proposal, by=by, rules=facts)
