"""Put motions to the vote: open, cast, give a proxy, close, certify."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    Body,
    Capacity,
    Cast,
    Choice,
    CommitmentYear,
    DuesStep,
    Elector,
    Motion,
    Organization,
    PassRule,
    Proxy,
    Seat,
    WeightRule,
)
from ..states import MembershipStatus, MotionOutcome, MotionState
from ..verbs import Verb
from .bodies import tell_body


class NotADraftMotion(Refusal):
    code = "not_a_draft_motion"


class NobodyMayVote(Refusal):
    code = "nobody_may_vote"


class ClosesBefore(Refusal):
    code = "closes_before"
    field = "closes_at"


class VotingClosed(Refusal):
    code = "voting_closed"


class VotingOpen(Refusal):
    code = "voting_open"


class MayNotVote(Refusal):
    code = "may_not_vote"


class NoProxies(Refusal):
    code = "no_proxies"


class NotAnotherElector(Refusal):
    code = "not_another_elector"
    field = "to"


class OfAnotherBody(Refusal):
    code = "of_another_body"
    field = "meeting"


@transaction.atomic
def draft_motion(
    body: Body, *, title: str, text: str, by: User | None, **terms: Any
) -> Motion:
    """
    Draft what a body is to vote on, with its rules of weight, quorum and passing.

    :raises OfAnotherBody: if its meeting is of another body.
    """
    meeting = terms.get("meeting")
    if meeting is not None and meeting.body_id != body.pk:
        raise OfAnotherBody(_("Choose a meeting of this body."))
    motion = Motion.objects.create(body=body, title=title, text=text, **terms)
    journal.record(Verb.MOTION_DRAFTED, motion, by=by, body=body.pk)
    return motion


@transaction.atomic
def open_motion(
    motion: Motion, *, closes_at: datetime, at: datetime, by: User | None
) -> Motion:
    """
    Open the vote, and keep who may vote and with what weight, as it is now.

    Those are the seats on which somebody sits, of members in good standing only.

    :raises NotADraftMotion: if it was opened before.
    :raises ClosesBefore: if it would close at once.
    :raises NobodyMayVote: if no seat may vote.
    """
    motion = lock_motion(motion)
    if motion.state != MotionState.DRAFT:
        raise NotADraftMotion(_("The vote on this motion was opened before."))
    if closes_at <= at:
        raise ClosesBefore(_("Choose a moment after the opening."))
    electors = list(_electors(motion, on=timezone.localdate(at)))
    if not electors:
        raise NobodyMayVote(_("Nobody sits on this body who may vote."))
    Elector.objects.bulk_create(electors)
    motion.move_to(MotionState.OPEN)
    motion.opened_at, motion.opened_by, motion.closes_at = at, by, closes_at
    motion.save(update_fields=["state", "opened_at", "opened_by", "closes_at"])
    facts = {"electors": len(electors), "votes": sum(one.weight for one in electors)}
    journal.record(Verb.MOTION_OPENED, motion, by=by, **facts)
    tell_body(motion.body, "motion_opened", motion, at=at, motion=motion)
    return motion


@transaction.atomic
def cast_vote(elector: Elector, *, choice: str, at: datetime, by: User) -> Cast:
    """
    Vote for a seat; the last vote of a seat counts until the motion closes.

    :raises VotingClosed: if the motion is not open then.
    :raises MayNotVote: if they neither hold the seat, nor stand in, nor have a proxy.
    """
    motion = lock_motion(elector.motion)
    _require_open(motion, at=at)
    capacity = capacity_of(by, elector, on=timezone.localdate(at))
    if capacity is None:
        raise MayNotVote(_("You do not vote for this seat."))
    row = Cast.objects.create(
        elector=elector, choice=choice, capacity=capacity, cast_by=by, at=at
    )
    facts = {"elector": elector.pk, "capacity": capacity}  # never the choice
    journal.record(Verb.VOTE_CAST, motion, by=by, **facts)
    return row


@transaction.atomic
def give_proxy(
    elector: Elector, *, to: Elector | None, at: datetime, by: User
) -> Proxy:
    """
    Let another seat vote for this one on the motion; without another, no longer.

    What was cast by proxy stays cast until somebody votes anew.

    :raises VotingClosed: if the motion is not open then.
    :raises NoProxies: if it allows none.
    :raises MayNotVote: if they neither hold the seat nor stand in.
    :raises NotAnotherElector: if the other is the same, or does not vote on it.
    """
    motion = lock_motion(elector.motion)
    _require_open(motion, at=at)
    if not motion.allows_proxy:
        raise NoProxies(_("This motion allows no proxies."))
    if elector.sitting_of(by, on=timezone.localdate(at)) is None:
        raise MayNotVote(_("You do not vote for this seat."))
    if to is not None and (to.motion_id != motion.pk or to.pk == elector.pk):
        raise NotAnotherElector(_("Choose another seat that votes on this motion."))
    row = Proxy.objects.create(elector=elector, to=to, given_by=by, at=at)
    verb = Verb.PROXY_WITHDRAWN if to is None else Verb.PROXY_GIVEN
    journal.record(verb, motion, by=by, elector=elector.pk, to=to and to.pk)
    return row


@transaction.atomic
def close_motion(motion: Motion, *, at: datetime, by: User | None) -> Motion:
    """
    Count the votes: at its time, or as soon as every seat has voted.

    :raises VotingClosed: if the motion is not open.
    :raises VotingOpen: if there is time left and somebody has not voted.
    """
    motion = lock_motion(motion)
    if motion.state != MotionState.OPEN or motion.closes_at is None:
        raise VotingClosed(_("This motion is not open."))
    voted: Any = Elector.objects.filter(motion=motion).with_choice()
    if at < motion.closes_at and voted.filter(choice=None).exists():
        raise VotingOpen(_("Not all have voted, and there is time left."))
    votes = voted.values_list("choice").annotate(votes=Sum("weight")).order_by()
    counted: dict[str | None, int] = dict(votes)
    counted.pop(Choice.RECUSED, None)
    motion.in_favor = counted.get(Choice.FOR, 0)
    motion.against = counted.get(Choice.AGAINST, 0)
    motion.abstaining = counted.get(Choice.ABSTAIN, 0)
    motion.electorate = sum(counted.values())
    motion.outcome = outcome_of(motion)
    motion.closed_at = at
    motion.move_to(MotionState.CLOSED)
    numbers = ["in_favor", "against", "abstaining", "electorate", "outcome"]
    motion.save(update_fields=["state", "closed_at", *numbers])
    facts = {name: getattr(motion, name) for name in numbers}
    journal.record(Verb.MOTION_CLOSED, motion, by=by, **facts)
    return motion


def close_due_motions(*, at: datetime) -> int:
    """Close each motion whose time is over; return how many that were."""
    due = Motion.objects.filter(state=MotionState.OPEN, closes_at__lte=at)
    closed = 0
    for motion in due.order_by("closes_at", "pk"):
        try:
            close_motion(motion, at=at, by=None)
        except VotingClosed:
            continue  # somebody closed it just now
        closed += 1
    return closed


@transaction.atomic
def certify_motion(motion: Motion, *, at: datetime, by: User) -> Motion:
    """
    Certify the result; nothing of the motion changes any more.

    :raises IllegalTransition: if it is not closed, or is certified.
    """
    motion = lock_motion(motion)
    motion.move_to(MotionState.CERTIFIED)
    motion.certified_by, motion.certified_at = by, at
    motion.save(update_fields=["state", "certified_by", "certified_at"])
    journal.record(Verb.MOTION_CERTIFIED, motion, by=by, outcome=motion.outcome)
    return motion


def capacity_of(user: User, elector: Elector, *, on: date) -> Capacity | None:
    """Return as what somebody may vote for a seat on a day, or None."""
    sitting = elector.sitting_of(user, on=on)
    if sitting is not None:
        return Capacity.ALTERNATE if sitting.is_alternate else Capacity.HOLDER
    if not elector.motion.allows_proxy:
        return None
    given = Proxy.objects.in_force().filter(elector=elector).select_related("to")
    proxy = given.first()
    if proxy is None or proxy.to is None or proxy.to.sitting_of(user, on=on) is None:
        return None
    return Capacity.PROXY


def outcome_of(motion: Motion) -> MotionOutcome:
    """Return what the counted votes come to, by the motion's quorum and pass rule."""
    in_favor, against = motion.in_favor or 0, motion.against or 0
    electorate = motion.electorate or 0
    if motion.voted * 100 < motion.quorum * electorate:
        return MotionOutcome.NO_QUORUM
    is_carried = {
        PassRule.MAJORITY: in_favor > against,
        PassRule.TWO_THIRDS: in_favor and in_favor * 3 >= (in_favor + against) * 2,
        PassRule.OF_ALL: in_favor * 2 > electorate,
    }[PassRule(motion.pass_rule)]
    return MotionOutcome.CARRIED if is_carried else MotionOutcome.LOST


def lock_motion(motion: Motion) -> Motion:
    """Hold a motion: votes are cast one after the other, and none while it closes."""
    return Motion.objects.select_for_update().get(pk=motion.pk)


def _require_open(motion: Motion, *, at: datetime) -> None:
    is_open = motion.state == MotionState.OPEN and motion.closes_at is not None
    if not is_open or not motion.opened_at <= at < motion.closes_at:  # type: ignore[operator]
        raise VotingClosed(_("This motion is not open."))


def _electors(motion: Motion, *, on: date) -> Iterator[Elector]:
    seats = Seat.objects.filter(body=motion.body_id).taken(on=on).order_by("pk")
    for seat in seats:
        if seat.organization_id is None or _in_good_standing(seat, on=on):
            weight = _weight_of(seat, motion, on=on)
            yield Elector(motion=motion, seat=seat, weight=weight)


def _in_good_standing(seat: Seat, *, on: date) -> bool:
    """Say whether the seat's member is one, and no decision limits it (domain.md 5)."""
    members: Any = Organization.objects.with_membership(on=on)
    member = members.get(pk=seat.organization_id)
    if member.status != MembershipStatus.ACTIVE:
        return False
    return not DuesStep.objects.limiting(member.pk, on=on).exists()


def _weight_of(seat: Seat, motion: Motion, *, on: date) -> int:
    weight = 1
    if motion.weight_rule == WeightRule.BY_SEAT:
        weight = seat.votes
    if motion.weight_rule == WeightRule.BY_FEE and motion.fee_of_a_vote:
        weight = max(1, int(_fee_of(seat, on=on) // motion.fee_of_a_vote))
    return min(weight, motion.most_votes or weight)


def _fee_of(seat: Seat, *, on: date) -> Any:
    years = CommitmentYear.objects.open(on=on).with_terms()
    year = years.filter(agreement__organization=seat.organization_id).first()
    return year.fee_now if year is not None else 0
