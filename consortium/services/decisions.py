"""Decide on claims, take credits back, carry an excess, waive a shortfall."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal

from ..models import (
    IN_KIND,
    Agreement,
    CommitmentYear,
    ContributionCredit,
    CreditEntry,
    EntryKind,
    InKindItem,
    ShortfallWaiver,
)
from ..states import AgreementState, ClaimState, ItemState, YearStatus
from ..verbs import Verb
from . import credit_mails
from .claims import lock_credit, require_not_claimed
from .interests import require_no_interest
from .organizations import lock_organization

ZERO = Decimal()


class OwnOpinion(Refusal):
    code = "own_opinion"


class AboveClaim(Refusal):
    code = "above_claim"
    field = "accepted"


class ReasonNeeded(Refusal):
    code = "reason_needed"
    field = "reason"


class OpinionMissing(Refusal):
    code = "opinion_missing"


class NotDelivered(Refusal):
    code = "not_delivered"


class NotValued(Refusal):
    code = "not_valued"


class ValuedByYourself(Refusal):
    code = "valued_by_yourself"


class NothingStands(Refusal):
    code = "nothing_stands"


class AboveStanding(Refusal):
    code = "above_standing"
    field = "amount"


class NotShort(Refusal):
    code = "not_short"


@transaction.atomic
def decide_credit(
    credit: ContributionCredit,
    *,
    accepted: Decimal,
    at: datetime,
    today: date,
    by: User,
    reason: str = "",
) -> ContributionCredit:
    """
    Accept a claim in full or in part, or reject it with nothing accepted.

    What is accepted in kind is credited up to the cap of its year; the rest,
    and what never counts, is recognized.

    :raises IllegalTransition: if it is not under review.
    :raises OwnClaim: if ``by`` claimed it.
    :raises OwnOpinion: if ``by`` gave an opinion on it; that takes two people.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises AboveClaim: if more is accepted than was claimed.
    :raises ReasonNeeded: without one, where the rules ask why.
    :raises OpinionMissing: before finance and counsel were heard on a gift.
    :raises NotDelivered: before a thing has arrived.
    :raises NotValued: above what it was valued at.
    :raises ValuedByYourself: if ``by`` valued it; that takes two people.
    """
    credit = lock_credit(credit)
    credit.move_to(ClaimState.DECIDED)
    require_not_claimed(credit, by=by)
    _require_no_opinion(credit, by=by)
    require_no_interest(credit.organization, on=today, by=by)
    _require_sound(credit, accepted, reason, by)

    write_decision(credit, accepted, reason=reason, at=at, by=by)
    if accepted:
        amount = credited_of(credit, accepted, on=today)
        _enter(
            credit,
            EntryKind.ACCEPTED,
            amount=amount,
            recognized=accepted - amount,
            value_on=credit.contributed_on,
            at=at,
            by=by,
            reason=reason,
        )
    facts = {"accepted": accepted, "claimed": credit.amount}
    journal.record(Verb.CREDIT_DECIDED, credit, by=by, **facts)
    carry_excess(credit.commitment_year.agreement, at=at, today=today, by=by)
    return credit


def _require_no_opinion(credit: ContributionCredit, *, by: User) -> None:
    opinions = credit.opinions.select_related("given_by")
    if any(by.is_same_person(opinion.given_by) for opinion in opinions):
        raise OwnOpinion(_("Who gave an opinion does not decide."))


def write_decision(
    credit: ContributionCredit,
    accepted: Decimal,
    *,
    reason: str,
    at: datetime,
    by: User,
) -> None:
    """Write on a locked credit what was decided, and tell the company."""
    credit.accepted, credit.reason = accepted, reason
    credit.decided_by, credit.decided_at = by, at
    credit.save(
        update_fields=["state", "accepted", "reason", "decided_by", "decided_at"]
    )
    accepted = credit.accepted or ZERO
    credit_mails.tell_company(
        *(credit, "credit_decided"),
        at=at,
        accepted=money.written(accepted, credit.currency),
        is_rejected=not accepted,
        why=credit.reason,
    )


def _require_sound(
    credit: ContributionCredit, accepted: Decimal, reason: str, by: User
) -> None:
    if not ZERO <= accepted <= credit.amount:
        raise AboveClaim(_("Accept between nothing and what was claimed."))
    if not reason and accepted < credit.amount:
        raise ReasonNeeded(_("Say why not all of it counts."))
    if not accepted:
        return
    if credit.rule.needs_reason and not reason:
        raise ReasonNeeded(_("Say why this counts."))
    given = set(credit.opinions.values_list("office", flat=True))
    if missing := [one for one in credit.rule.opinions if one not in given]:
        offices = ", ".join(str(one.label) for one in missing)
        raise OpinionMissing(
            _("Before this counts, hear: %(offices)s.") % {"offices": offices}
        )
    if credit.rule.is_in_kind:
        _require_valued(credit, accepted, by)


def _require_valued(credit: ContributionCredit, accepted: Decimal, by: User) -> None:
    require_delivered(credit.item)
    valuation = credit.item.valuations.last()
    if valuation is None or accepted > valuation.value:
        value = money.written(valuation.value if valuation else ZERO, credit.currency)
        raise NotValued(
            _("It is valued at %(value)s; no more can be accepted.") % {"value": value},
            field="accepted",
        )
    require_not_valued(credit.item, by=by)


def require_delivered(item: InKindItem) -> None:
    """
    :raises NotDelivered: before a thing has arrived, or once it went back.
    """
    if item.state != ItemState.DELIVERED:
        raise NotDelivered(_("It counts once it was agreed to and delivered."))


def require_not_valued(item: InKindItem, *, by: User) -> None:
    """
    :raises ValuedByYourself: if the valuation that stands is by ``by``.
    """
    valuation = item.valuations.last()
    if valuation is not None and by.is_same_person(valuation.valued_by):
        raise ValuedByYourself(_("Who valued it does not accept it."))


def credited_of(credit: ContributionCredit, accepted: Decimal, *, on: date) -> Decimal:
    """Return how much of what is accepted counts: in kind, what the cap leaves."""
    if not credit.rule.counts:
        return ZERO
    if credit.category not in IN_KIND:
        return accepted
    year = _position(credit.commitment_year, on=on)
    return min(accepted, year.room_in_kind)


def _position(year: CommitmentYear, *, on: date) -> CommitmentYear:
    years = CommitmentYear.objects.select_related("agreement__organization")
    return years.with_position(on=on).get(pk=year.pk)


def _enter(
    credit: ContributionCredit,
    kind: EntryKind,
    *,
    at: datetime,
    year: CommitmentYear | None = None,
    **fields: Any,
) -> CreditEntry:
    return CreditEntry.objects.create(
        credit=credit,
        commitment_year=year or credit.commitment_year,
        kind=kind,
        recorded_at=at,
        **fields,
    )


@transaction.atomic
def reverse_credit(
    credit: ContributionCredit, *, reason: str, at: datetime, today: date, by: User
) -> ContributionCredit:
    """
    Take back all that stands of a credit; its own year may open again.

    The company hears of it, and may appeal (cases 30 and 33).

    :raises NothingStands: if nothing is left of it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    return reverse_locked(credit, reason=reason, at=at, today=today, by=by)


def reverse_locked(
    credit: ContributionCredit, *, reason: str, at: datetime, today: date, by: User
) -> ContributionCredit:
    """
    Reverse a credit whose member the caller holds: each year stands at zero then.

    What a cut took from another year than its own comes back there (case 32).
    """
    credit = _standing(credit, today=today, by=by)
    sums = credit.entries.values("commitment_year").annotate(
        credited=Sum("amount"), given=Sum("recognized")
    )
    # What comes back first: the whole is below zero at no moment.
    for row in sums.order_by("credited", "given"):
        if row["credited"] or row["given"]:
            _enter(
                credit,
                EntryKind.REVERSED,
                year=CommitmentYear(pk=row["commitment_year"]),
                amount=-row["credited"],
                recognized=-row["given"],
                value_on=today,
                at=at,
                by=by,
                reason=reason,
            )
    facts = {"amount": credit.standing, "organization": credit.organization}
    journal.record(Verb.CREDIT_REVERSED, credit, by=by, **facts)
    _tell(credit, "credit_reversed", credit.standing, reason, at=at, today=today)
    _settle(credit, at=at, today=today, by=by)
    return credit


@transaction.atomic
def reduce_credit(
    credit: ContributionCredit,
    *,
    amount: Decimal,
    reason: str,
    at: datetime,
    today: date,
    by: User,
) -> ContributionCredit:
    """
    Take back part of a credit by an entry of today (case 32).

    What was only recognized goes first. Once the year is closed, which it is
    when its cure period is over, the entry falls into the year that is open.

    :raises NothingStands: if nothing is left of it.
    :raises AboveStanding: if less than the amount stands.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = reduce_locked(
        lock_credit(credit), amount=amount, reason=reason, at=at, today=today, by=by
    )
    _tell(credit, "credit_reduced", amount, reason, at=at, today=today)
    return credit


def reduce_locked(
    credit: ContributionCredit,
    *,
    amount: Decimal,
    reason: str,
    at: datetime,
    today: date,
    by: User,
) -> ContributionCredit:
    """Reduce a credit whose member the caller holds; the caller tells of it."""
    credit = _standing(credit, today=today, by=by)
    if not ZERO < amount <= credit.standing:
        left = money.written(credit.standing, credit.currency)
        raise AboveStanding(_("%(left)s of it stands.") % {"left": left})
    recognized = min(amount, credit.recognized)
    _enter(
        credit,
        EntryKind.REDUCED,
        year=_year_of_adjustment(credit, on=today),
        amount=recognized - amount,
        recognized=-recognized,
        value_on=today,
        at=at,
        by=by,
        reason=reason,
    )
    journal.record(Verb.CREDIT_REDUCED, credit, by=by, amount=amount)
    _settle(credit, at=at, today=today, by=by)
    return credit


def _standing(
    credit: ContributionCredit, *, today: date, by: User
) -> ContributionCredit:
    """Return a credit with what stands of it."""
    require_no_interest(credit.organization, on=today, by=by)
    related = ["organization", "commitment_year__agreement", "claimed_by"]
    rows = ContributionCredit.objects.with_outcome().select_related(*related)
    credit = rows.get(pk=credit.pk)
    if not credit.standing:
        raise NothingStands(_("Nothing of this credit stands any more."))
    return credit


def _year_of_adjustment(credit: ContributionCredit, *, on: date) -> CommitmentYear:
    own = CommitmentYear.objects.filter(pk=credit.commitment_year_id)
    if own.not_closed(on=on).exists():
        return credit.commitment_year
    signed = CommitmentYear.objects.filter(agreement__state=AgreementState.SIGNED)
    of_member = signed.filter(agreement__organization=credit.organization)
    return of_member.open(on=on).first() or credit.commitment_year


def _tell(
    credit: ContributionCredit,
    kind: str,
    amount: Decimal,
    reason: str,
    *,
    at: datetime,
    today: date,
) -> None:
    credit_mails.tell_company(
        credit,
        kind,
        at=at,
        taken=money.written(amount, credit.currency),
        why=reason,
        appeal_until=credit_mails.appeal_until(today),
    )


def _settle(
    credit: ContributionCredit, *, at: datetime, today: date, by: User | None
) -> None:
    """Let others of the year have the room under the cap that came free."""
    if credit.rule.is_in_kind:
        fill_cap(credit.commitment_year, at=at, today=today, by=by)
    carry_excess(credit.commitment_year.agreement, at=at, today=today, by=by)


def fill_cap(
    year: CommitmentYear, *, at: datetime, today: date, by: User | None
) -> None:
    """Credit what was only recognized in kind, the oldest first, up to the cap."""
    position = _position(year, on=today)
    room = position.room_in_kind
    for credit in ContributionCredit.objects.above_the_cap(year):
        amount = min(room, credit.recognized)
        if not amount:
            return
        room -= amount
        _enter(
            credit,
            EntryKind.RAISED,
            amount=amount,
            recognized=-amount,
            value_on=today,
            at=at,
            by=by,
            reason=_("Room under the cap came free."),
        )
        journal.record(Verb.CREDIT_RAISED, credit, by=by, amount=amount)


@transaction.atomic
def carry_excess(
    agreement: Agreement, *, at: datetime, today: date, by: User | None
) -> None:
    """
    Carry the excess of each year that ended into the next, if that is agreed.

    What was carried and is needed again, as after a reversal, comes back by
    entries of its own. Safe to run twice; without the clause excess is lost.
    """
    if not agreement.carries_forward:
        return
    lock_organization(agreement.organization)
    years = CommitmentYear.objects.filter(agreement=agreement).with_position(on=today)
    entries = CreditEntry.objects.filter(carried_from=F("commitment_year"))
    sums = entries.values_list("commitment_year").annotate(Sum("amount"))
    carried = {year: -amount for year, amount in sums.order_by()}
    for year, following in pairwise(years.order_by("number")):
        if year.ends_on >= today:
            return
        above = year.credited - year.required_now
        amount = max(above, -carried.get(year.pk, ZERO))
        if amount:
            following.credited += amount
            _carry(year, following, amount, at=at, by=by)


def _carry(
    year: CommitmentYear,
    following: CommitmentYear,
    amount: Decimal,
    *,
    at: datetime,
    by: User | None,
) -> None:
    for target, signed in [(year, -amount), (following, amount)]:
        CreditEntry.objects.create(
            commitment_year=target,
            kind=EntryKind.CARRIED,
            amount=signed,
            carried_from=year,
            value_on=following.starts_on,
            recorded_at=at,
            by=by,
        )
    journal.record(Verb.EXCESS_CARRIED, year, by=by, amount=amount, to=following)


@transaction.atomic
def waive_shortfall(
    year: CommitmentYear, *, reason: str, at: datetime, today: date, by: User
) -> ShortfallWaiver:
    """
    Let a year that ended stay short by what is missing now.

    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises NotShort: if the year runs, or nothing is missing that is not waived.
    """
    organization = lock_organization(year.agreement.organization)
    require_no_interest(organization, on=today, by=by)
    year = _position(year, on=today)
    if year.status != YearStatus.SHORT:
        raise NotShort(_("Only a year that ended short has something to waive."))
    amount = year.short - year.waived
    waiver = ShortfallWaiver.objects.create(
        commitment_year=year, amount=amount, reason=reason, granted_by=by, granted_at=at
    )
    facts = {"amount": amount, "organization": organization}
    journal.record(Verb.SHORTFALL_WAIVED, year, by=by, **facts)
    credit_mails.tell_of_waiver(year, amount, at=at)
    return waiver
