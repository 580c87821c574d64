"""Dispute the value of a thing in kind, and settle that."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal

from ..models import (
    ContributionCredit,
    CreditEntry,
    DisputeOutcome,
    EntryKind,
    Evidence,
    ValuationDispute,
)
from ..states import ClaimState
from ..verbs import Verb
from . import credit_mails
from .claims import NotPending, lock_credit, require_left, require_not_claimed
from .decisions import AboveClaim, require_delivered, require_not_valued
from .entries import credited_of
from .interests import require_no_interest
from .reversals import NothingStands, reduce_locked


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
    """
    credit = lock_credit(credit)
    if credit.state != ClaimState.DECIDED:
        raise NotPending(_("This claim is not decided yet."))
    if credit.item.disputes.filter(outcome=None).exists():
        raise StillDisputed(_("A dispute of this valuation is open."))
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
    Say which value holds; an entry makes up the difference to what stands.

    :raises NothingDisputed: if no dispute is open.
    :raises DecidedByYourself: if ``by`` made the decision that is disputed.
    :raises OwnClaim: if ``by`` claimed it.
    :raises OwnDispute: if ``by`` disputes it.
    :raises ValuedByYourself: if ``by`` valued it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises AboveClaim: if the value is more than was claimed.
    :raises NothingStands: if the credit was reversed meanwhile.
    :raises NotDelivered: if it would count, and never arrived.
    :raises AboveEvidence: if its document is used up by other claims.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=today, by=by)
    dispute = credit.item.disputes.filter(outcome=None).first()
    if dispute is None:
        raise NothingDisputed(_("No dispute of this valuation is open."))
    _require_second(credit, dispute, by=by)
    if value > credit.amount:
        claimed = money.written(credit.amount, credit.currency)
        raise AboveClaim(
            _("Only %(claimed)s was claimed.") % {"claimed": claimed}, field="value"
        )
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
    if credit.entries.exists() and not standing:
        raise NothingStands(_("Nothing of this credit stands any more."))
    if value < standing:
        reduce_locked(
            credit, amount=standing - value, reason=reason, at=at, today=today, by=by
        )
    elif value > standing:
        _raise(credit, value - standing, reason=reason, at=at, today=today, by=by)
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


def _raise(
    credit: ContributionCredit,
    more: Decimal,
    *,
    reason: str,
    at: datetime,
    today: date,
    by: User,
) -> None:
    require_delivered(credit.item)
    require_left(Evidence.objects.with_used().get(pk=credit.evidence_id), more)
    amount = credited_of(credit, more, on=today)
    CreditEntry.objects.create(
        credit=credit,
        commitment_year=credit.commitment_year,
        kind=EntryKind.RAISED,
        amount=amount,
        recognized=more - amount,
        value_on=today,
        recorded_at=at,
        by=by,
        reason=reason,
    )
    journal.record(Verb.CREDIT_RAISED, credit, by=by, amount=more)
