"""Dispute the value of a thing in kind, and settle that."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal

from ..models import (
    CommitmentYear,
    ContributionCredit,
    DisputeOutcome,
    EntryKind,
    Evidence,
    InKindItem,
    ValuationDispute,
)
from ..states import ClaimState
from ..verbs import Verb
from . import credit_mails
from .claims import (
    NotPending,
    lock_credit,
    require_asking,
    require_in_time,
    require_left,
    require_not_claimed,
)
from .decisions import (
    AboveClaim,
    NotValued,
    require_delivered,
    require_not_valued,
)
from .entries import ZERO, credited_of, enter, position_of
from .interests import require_no_interest
from .reversals import NothingStands, reduce_locked, reverse_locked


class NothingDisputed(Refusal):
    code = "nothing_disputed"


class StillDisputed(Refusal):
    code = "still_disputed"


class DecidedByYourself(Refusal):
    code = "decided_by_yourself"


class OwnDispute(Refusal):
    code = "own_dispute"


@transaction.atomic
def dispute_value(
    credit: ContributionCredit,
    *,
    figure: Decimal,
    method: str,
    reason: str,
    at: datetime,
    by: User,
) -> ValuationDispute:
    """
    Hold another figure against what was decided; what is credited stays (case 29).

    :raises NotPending: before a decision, when a new valuation is enough.
    :raises StillDisputed: while another dispute is open.
    :raises NothingStands: once the credit was reversed.
    :raises AboveClaim: if the figure is more than was claimed.
    """
    credit = lock_credit(credit)
    if credit.state != ClaimState.DECIDED:
        raise NotPending(_("This claim is not decided yet."))
    if credit.entries.filter(kind=EntryKind.REVERSED).exists():
        raise NothingStands(_("Nothing of this credit stands any more."))
    if credit.item.disputes.filter(outcome=None).exists():
        raise StillDisputed(_("A dispute of this valuation is open."))
    _require_within_claim(credit, figure, field="figure")
    dispute = ValuationDispute.objects.create(
        item=credit.item,
        figure=figure,
        method=method,
        reason=reason,
        raised_by=by,
        raised_at=at,
    )
    journal.record(Verb.VALUE_DISPUTED, credit, by=by, figure=figure)
    claimed = money.written(figure, credit.currency)
    credit_mails.tell_staff(
        credit, "value_disputed", at=at, by=by, figure=claimed, why=reason
    )
    return dispute


def _require_within_claim(
    credit: ContributionCredit, amount: Decimal, *, field: str
) -> None:
    if amount > credit.amount:
        claimed = money.written(credit.amount, credit.currency)
        raise AboveClaim(
            _("Only %(claimed)s was claimed.") % {"claimed": claimed}, field=field
        )


@transaction.atomic
def settle_dispute(
    credit: ContributionCredit,
    *,
    value: Decimal,
    reason: str,
    at: datetime,
    today: date,
    by: User,
    appraiser: str = "",
    appraisal_cost: Decimal = Decimal(),
) -> DisputeOutcome:
    """
    Say which value holds; entries make up the difference to what stands.

    :raises NothingDisputed: if no dispute is open.
    :raises DecidedByYourself: if ``by`` made the decision that is disputed.
    :raises OwnClaim: if ``by`` claimed it.
    :raises OwnDispute: if ``by`` disputes it.
    :raises ValuedByYourself: if ``by`` valued it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises AboveClaim: if the value is more than was claimed.
    :raises NotValued: if no valuation and no appraisal says as much.
    :raises NotDelivered: if it would count, and never arrived.
    :raises AsksForNothing: if it would, and its agreement ends before its year.
    :raises ContributedTooLate: if it would, and came after the cure period of its year.
    :raises AboveEvidence: if its document is used up by other claims.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=today, by=by)
    dispute = credit.item.disputes.filter(outcome=None).first()
    if dispute is None:
        raise NothingDisputed(_("No dispute of this valuation is open."))
    _require_second(credit, dispute, by=by)
    _require_within_claim(credit, value, field="value")
    outcome = DisputeOutcome.objects.create(
        dispute=dispute,
        value=value,
        reason=reason,
        appraiser=appraiser,
        appraisal_cost=appraisal_cost,
        settled_by=by,
        settled_at=at,
    )
    journal.record(Verb.DISPUTE_SETTLED, credit, by=by, value=value)
    standing = ContributionCredit.objects.with_outcome().get(pk=credit.pk).standing
    how: dict[str, Any] = {"reason": reason, "at": at, "today": today, "by": by}
    if value > standing:
        _require_worth(credit.item, value)
        _raise(credit, value - standing, **how)
    elif ZERO < value < standing:
        reduce_locked(credit, amount=standing - value, **how)
    elif value < standing:
        reverse_locked(credit, **how)
    holds = money.written(value, credit.currency)
    credit_mails.tell_company(credit, "dispute_settled", at=at, holds=holds, why=reason)
    return outcome


def _require_second(
    credit: ContributionCredit, dispute: ValuationDispute, *, by: User
) -> None:
    """Insist that ``by`` had no part in what is disputed."""
    if by.is_same_person(credit.decided_by):
        raise DecidedByYourself(_("Who decided does not settle the dispute."))
    if by.is_same_person(dispute.raised_by):
        raise OwnDispute(_("Somebody else settles the dispute that you raised."))
    require_not_claimed(credit, by=by)
    require_not_valued(credit.item, by=by)


def _require_worth(item: InKindItem, value: Decimal) -> None:
    """Insist that it arrived, and that a valuation or an appraisal says as much."""
    require_delivered(item)
    last = item.valuations.last()
    found = [last.value if last else ZERO]
    found += item.appraisals.values_list("value", flat=True)
    if value > max(found):
        most = money.written(max(found), item.credit.currency)
        raise NotValued(
            _("It was found to be worth %(most)s; add an appraisal that says more.")
            % {"most": most},
            field="value",
        )


def _raise(
    credit: ContributionCredit,
    more: Decimal,
    *,
    reason: str,
    at: datetime,
    today: date,
    by: User,
) -> None:
    """Give back first what was cut in other years; the rest counts in its own."""
    require_left(Evidence.objects.with_used().get(pk=credit.evidence_id), more)
    facts: dict[str, Any] = {"value_on": today, "at": at, "by": by, "reason": reason}
    left = more
    for key, cut in _cut_elsewhere(credit):
        if amount := min(left, cut):
            left -= amount
            year = CommitmentYear(pk=key)
            enter(credit, EntryKind.RAISED, year=year, amount=amount, **facts)
    if left:
        year = position_of(credit.commitment_year, on=today)
        require_asking(year)
        require_in_time(year, credit.given_on)
        amount = credited_of(credit, left, year)
        facts |= {"amount": amount, "recognized": left - amount}
        enter(credit, EntryKind.RAISED, **facts)
    journal.record(Verb.CREDIT_RAISED, credit, by=by, amount=more)


def _cut_elsewhere(credit: ContributionCredit) -> list[tuple[int, Decimal]]:
    """Return by how much other years than its own stand below zero, the first first."""
    others = credit.entries.exclude(commitment_year=credit.commitment_year_id)
    sums = others.order_by().values_list("commitment_year").annotate(cut=-Sum("amount"))
    return list(sums.filter(cut__gt=0).order_by("commitment_year"))
