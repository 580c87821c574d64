"""Ladders of reminders: proposed, put in force, given to some, and ended."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from ..models import (
    MOST_AFTER,
    MOST_BEFORE,
    Invoice,
    Organization,
    PolicyEnd,
    PolicyRung,
    ReminderPolicy,
)
from ..states import ActState, InvoiceState
from ..verbs import Verb
from .interests import require_no_interest
from .invoices import NotIssued
from .ladders import CALLS, LADDER, MAILS, Told
from .second_person import ask_another, tell_proposer
from .two_people import decide, keep, refuse, require_reason

#: Ladders are proposed and put in force one after the other.
TURN = "reminder_policies"

BY_KEY = {rung.key: rung for rung in LADDER}

#: Rungs whose days follow upon each other, as they are climbed.
CLIMBED = [rung.key for rung in MAILS]


class FirstDayOver(Refusal):
    code = "first_day_over"
    field = "first_on"


class EndsBeforeItBegins(Refusal):
    code = "ends_before_it_begins"
    field = "until_on"


class LadderChanged(Refusal):
    code = "ladder_changed"


class AnotherWaits(Refusal):
    code = "another_waits"


class BeginsThatDay(Refusal):
    code = "begins_that_day"
    field = "first_on"


class NoSuchRungs(Refusal):
    """Not each rung once; ``field`` is that of the rung."""

    code = "no_such_rungs"


class DayOutOfReach(Refusal):
    code = "day_out_of_reach"


class OutOfOrder(Refusal):
    code = "out_of_order"


class NothingOn(Refusal):
    code = "nothing_on"


class NotAMail(Refusal):
    code = "not_a_mail"


class NoMoreInForce(Refusal):
    code = "no_more_in_force"


@transaction.atomic
def propose_ladder(
    *,
    rungs: Sequence[Told],
    first_on: date,
    reason: str,
    based_on: ReminderPolicy | None,
    today: date,
    at: datetime,
    by: User,
) -> ReminderPolicy:
    """
    Propose another version of the ladder of all; somebody else puts it in force.

    ``based_on`` is the version that the proposer read.

    :raises LadderChanged: if another version was put in force meanwhile.
    :raises AnotherWaits: if one is proposed already.
    :raises FirstDayOver: unless it begins tomorrow or later.
    :raises BeginsThatDay: if a version begins on that day, or later.
    :raises Refusal: as `require_ladder` has it.
    """
    take_turns(TURN)
    require_reason(reason)
    last = latest()
    if last != based_on:
        raise LadderChanged(
            _("Somebody else changed the ladder meanwhile. Open this page anew.")
        )
    open_ = ReminderPolicy.objects.default().filter(state=ActState.PROPOSED).first()
    if open_ is not None:
        raise AnotherWaits(
            _("%(name)s proposed another ladder; decide on that one first.")
            % {"name": open_.proposed_by.name}
        )
    _require_day(first_on, today=today)
    require_ladder(rungs, for_all=True)
    policy = _keep(
        rungs,
        first_on=first_on,
        based_on=last,
        reason=reason,
        takes_two=True,
        proposed_by=by,
        proposed_at=at,
    )
    journal.record(Verb.LADDER_PROPOSED, policy, by=by, first_on=first_on)
    ask_another(policy, at=at, by=by)
    return policy


def latest() -> ReminderPolicy | None:
    """Return the version of the ladder of all that was put in force last."""
    rows = ReminderPolicy.objects.recorded().default()
    return rows.order_by("-first_on").first()


@transaction.atomic
def approve_ladder(
    policy: ReminderPolicy, *, today: date, at: datetime, by: User
) -> ReminderPolicy:
    """
    Put a version in force from its first day.

    :raises IllegalTransition: if it was decided.
    :raises TakesTwo: if ``by`` proposed it.
    :raises FirstDayOver: if its first day is over by now.
    """
    take_turns(TURN)
    policy = ReminderPolicy.objects.locked(policy)
    decide(policy, ActState.RECORDED, by=by)
    _require_day(policy.first_on, today=today)
    keep(policy, at=at, by=by)
    journal.record(Verb.LADDER_RECORDED, policy, by=by, first_on=policy.first_on)
    tell_proposer(policy, at=at, by=by)
    return policy


@transaction.atomic
def refuse_ladder(policy: ReminderPolicy, *, at: datetime, by: User) -> ReminderPolicy:
    """
    Leave the ladder as it is.

    :raises IllegalTransition: if it was decided.
    """
    take_turns(TURN)
    policy = ReminderPolicy.objects.locked(policy)
    refuse(policy, at=at, by=by)
    journal.record(Verb.LADDER_REFUSED, policy, by=by)
    tell_proposer(policy, at=at, by=by)
    return policy


@transaction.atomic
def give_ladder(
    subject: Organization | Invoice,
    *,
    rungs: Sequence[Told],
    until_on: date,
    reason: str,
    today: date,
    at: datetime,
    by: User,
) -> ReminderPolicy:
    """
    Remind a member, or of an invoice, by a ladder of its own from today on.

    It counts instead of one that was given before.

    :raises SaysNoReason: without a reason.
    :raises EndsBeforeItBegins: if its last day is over.
    :raises NotIssued: if the invoice was not issued, or is void.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises Refusal: as `require_ladder` has it.
    """
    take_turns(TURN)
    is_invoice = isinstance(subject, Invoice)
    member = subject.organization if isinstance(subject, Invoice) else subject
    if isinstance(subject, Invoice) and subject.state != InvoiceState.ISSUED:
        raise NotIssued(_("This invoice was not issued, or is void."))
    require_no_interest(member, on=today, by=by)
    require_reason(reason)
    if until_on < today:
        raise EndsBeforeItBegins(_("This day is over."))
    require_ladder(rungs)
    policy = _keep(
        rungs,
        organization=None if is_invoice else subject,
        invoice=subject if is_invoice else None,
        first_on=today,
        until_on=until_on,
        reason=reason,
        takes_two=False,
        proposed_by=by,
        proposed_at=at,
    )
    decide(policy, ActState.RECORDED, by=by)
    keep(policy, at=at, by=by)
    facts = {"ladder": policy.pk, "until_on": until_on}
    journal.record(Verb.LADDER_GIVEN, subject, by=by, **facts)
    return policy


@transaction.atomic
def end_ladder(
    policy: ReminderPolicy, *, reason: str, today: date, at: datetime, by: User
) -> ReminderPolicy:
    """
    Remind a member, or of an invoice, by the ladder of all again.

    :raises NoMoreInForce: if it ended, or is the ladder of all.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises SaysNoReason: without a reason.
    """
    take_turns(TURN)
    require_reason(reason)
    rows = ReminderPolicy.objects.of_some().in_force(on=today)
    found = rows.select_related("organization", "invoice__organization")
    given = found.filter(pk=policy.pk).first()
    if given is None:
        raise NoMoreInForce(_("This ladder is not in force any more."))
    subject: Any = given.invoice or given.organization
    member = subject.organization if given.invoice else subject
    require_no_interest(member, on=today, by=by)
    PolicyEnd.objects.create(policy=given, reason=reason, ended_at=at, ended_by=by)
    journal.record(Verb.LADDER_ENDED, subject, by=by, ladder=given.pk)
    return given


def require_ladder(rungs: Sequence[Told], *, for_all: bool = False) -> None:
    """
    Insist that rungs make a ladder.

    :raises NoSuchRungs: unless each is there once, and no other.
    :raises DayOutOfReach: for a day too far away, or on the wrong side of the due date.
    :raises NotAMail: if what is a task by nature were one by choice, or a mail.
    :raises OutOfOrder: unless the reminders follow upon each other.
    :raises NothingOn: if nothing is left; of all, if nothing tells that it is late.
    """
    if sorted(told.key for told in rungs) != sorted(BY_KEY):
        raise NoSuchRungs(_("Say of each rung once how it is to be."))
    by_key = {told.key: told for told in rungs}
    for told in rungs:
        _require_rung(told)
    climbed = [by_key[key] for key in CLIMBED if by_key[key].is_on]
    for before, after in pairwise(climbed):
        if after.days <= before.days:
            raise OutOfOrder(
                _("This comes no later than the reminder before it."),
                field=f"{after.key}_days",
            )
    if for_all and not any(told.days > 0 and not told.is_task for told in climbed):
        raise NothingOn(_("Leave one reminder on of what is late."))
    if not any(told.is_on for told in rungs):
        raise NothingOn(
            _("Nothing is left of it. Hold the reminders instead, which says why.")
        )


def _require_rung(told: Told) -> None:
    rung = BY_KEY[told.key]
    if rung.is_task != told.is_task and told.key not in CALLS:
        raise NotAMail(_("This rung is what it is."), field=f"{told.key}_is_task")
    is_before = rung.days < 0
    least, most = (-MOST_BEFORE, -1) if is_before else (1, MOST_AFTER)
    if not least <= told.days <= most:
        words = (
            _("Choose 1 to %(most)s days before the due date.")
            if is_before
            else _("Choose 1 to %(most)s days after the due date.")
        )
        facts = {"most": MOST_BEFORE if is_before else MOST_AFTER}
        raise DayOutOfReach(words % facts, field=f"{told.key}_days")


def _require_day(first_on: date, *, today: date) -> None:
    if first_on <= today:
        raise FirstDayOver(
            _("A ladder begins tomorrow at the earliest: today's mails may be out.")
        )
    rows = ReminderPolicy.objects.recorded().default()
    if rows.filter(first_on__gte=first_on).exists():
        raise BeginsThatDay(_("Another version begins on this day, or later."))


def _keep(rungs: Sequence[Told], **fields: Any) -> ReminderPolicy:
    policy = ReminderPolicy.objects.create(**fields)
    PolicyRung.objects.bulk_create(
        PolicyRung(
            policy=policy,
            key=told.key,
            is_on=told.is_on,
            days=told.days,
            is_task=told.is_task,
            copied=list(told.copied),
            wording=told.wording,
        )
        for told in rungs
    )
    return policy
