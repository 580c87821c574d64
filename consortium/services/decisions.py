"""Decide on claims: accept them in full or in part, or reject them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.models import Document

from ..documents import EVIDENCE
from ..models import ContributionCredit, EntryKind, InKindItem
from ..states import ClaimState, ItemState
from ..verbs import Verb
from . import credit_mails
from .claims import (
    lock_credit,
    require_asking,
    require_in_time,
    require_not_claimed,
    require_not_invoiced,
)
from .entries import ZERO, carry_excess, credited_of, enter, position_of
from .interests import require_no_interest


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
    :raises ReasonNeeded: without one, where the rules ask why, or no file shows it.
    :raises OpinionMissing: before finance and counsel were heard on a gift.
    :raises AsksForNothing: if the agreement was terminated before the year of it.
    :raises AboveFee: if INM invoices that part of the fee by now.
    :raises NotDelivered: before a thing has arrived.
    :raises ContributedTooLate: if it arrived after the cure period of its year.
    :raises NotValued: above what it was valued at.
    :raises ValuedByYourself: if ``by`` valued it; that takes two people.
    """
    credit = lock_credit(credit)
    credit.move_to(ClaimState.DECIDED)
    require_not_claimed(credit, by=by)
    _require_no_opinion(credit, by=by)
    require_no_interest(credit.organization, on=today, by=by)
    _require_sound(credit, accepted, reason, by)
    year = position_of(credit.commitment_year, on=today)
    if accepted:
        require_asking(year)
        require_not_invoiced(year, credit.category, accepted)
    if accepted and credit.rule.is_in_kind:
        require_in_time(year, credit.given_on)

    write_decision(credit, accepted, reason=reason, at=at, by=by)
    if accepted:
        amount = credited_of(credit, accepted, year)
        enter(
            credit,
            EntryKind.ACCEPTED,
            amount=amount,
            recognized=accepted - amount,
            value_on=credit.given_on,
            at=at,
            by=by,
            reason=reason,
        )
    facts: dict[str, Any] = {"accepted": accepted, "claimed": credit.amount}
    facts |= {"had_file": credit.had_file}
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
    credit.had_file = has_file(credit)
    told = ["state", "accepted", "reason", "decided_by", "decided_at", "had_file"]
    credit.save(update_fields=told)
    accepted = credit.accepted or ZERO
    credit_mails.tell_company(
        *(credit, "credit_decided"),
        at=at,
        accepted=money.written(accepted, credit.currency),
        is_rejected=not accepted,
        why=credit.reason,
    )


def has_file(credit: ContributionCredit) -> bool:
    """Say whether a file in use shows what a claim is about."""
    files = Document.objects.filter(kind=EVIDENCE.name, subject_id=credit.evidence_id)
    return files.current().exists()


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
    if not reason and not has_file(credit):
        raise ReasonNeeded(_("No file shows it; say why it counts without one."))
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
