"""Pay back what is on account of a member: proposed by one, recorded by another."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, money
from inm_portal.kernel.errors import Refusal

from ..models import LedgerAccount, PostingKind, ReceiptShare, Refund
from ..states import ActState
from ..verbs import Verb
from .allocations import NotEnoughCash, free_since
from .interests import require_no_interest
from .ledger import credit, debit, post, require_amount, reverse
from .organizations import lock_organizations
from .receipts import ReturnedTooEarly
from .second_person import ask_another, tell_proposer
from .two_people import decide, keep, refuse, require_reason


class PaidInFuture(Refusal):
    code = "paid_in_future"
    field = "paid_on"


class NotPaidBack(Refusal):
    code = "not_paid_back"


@transaction.atomic
def propose_refund(
    share: ReceiptShare, *, amount: Decimal, reason: str, at: datetime, by: User
) -> Refund:
    """
    Ask that so much of a share is paid back (case 39); nothing goes back by itself.

    :raises NotAnAmount: unless it is more than nothing, in whole cents.
    :raises SaysNoReason: without a reason.
    :raises NotEnoughCash: if less than that is left of the share.
    """
    lock_organizations(share.organization)
    require_no_interest(share.organization, on=localdate(at), by=by)
    require_amount(amount)
    require_reason(reason)
    _require_left(share, amount)
    refund = Refund.objects.create(
        share=share, amount=amount, reason=reason, proposed_by=by, proposed_at=at
    )
    journal.record(Verb.REFUND_PROPOSED, refund, by=by, amount=amount)
    ask_another(refund, at=at, by=by)
    return refund


@transaction.atomic
def approve_refund(
    refund: Refund,
    *,
    paid_on: date,
    today: date,
    at: datetime,
    by: User,
    reference: str = "",
) -> Refund:
    """
    Record that somebody else's refund was paid.

    :raises IllegalTransition: if it was decided.
    :raises TakesTwo: if ``by`` proposed it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises PaidInFuture: if it is paid after today, or before the money was here.
    :raises NotEnoughCash: if less than that is left by now.
    """
    refund, share = _lock_refund(refund)
    decide(refund, ActState.RECORDED, by=by)
    require_no_interest(share.organization, on=today, by=by)
    if not free_since(share) <= paid_on <= today:
        raise PaidInFuture(_("It was paid once the money was here, and by today."))
    _require_left(share, refund.amount)
    entry = post(
        PostingKind.REFUND,
        [
            debit(LedgerAccount.UNAPPLIED_CASH, refund.amount, share.organization),
            credit(LedgerAccount.CASH_CLEARING, refund.amount, share.organization),
        ],
        value_on=paid_on,
        currency=share.receipt.currency,
        by=by,
        at=at,
        reason=refund.reason,
    )
    fields = {"entry": entry, "paid_on": paid_on, "reference": reference}
    keep(refund, at=at, by=by, **fields)
    journal.record(Verb.REFUND_RECORDED, refund, by=by, amount=refund.amount)
    tell_proposer(refund, at=at, by=by)
    return refund


@transaction.atomic
def refuse_refund(refund: Refund, *, at: datetime, by: User) -> Refund:
    """
    Keep on account what somebody proposed to pay back.

    :raises IllegalTransition: if it was decided.
    """
    refund, _share = _lock_refund(refund)
    refuse(refund, at=at, by=by)
    journal.record(Verb.REFUND_REFUSED, refund, by=by, amount=refund.amount)
    tell_proposer(refund, at=at, by=by)
    return refund


@transaction.atomic
def reverse_refund(
    refund: Refund,
    *,
    returned_on: date,
    reason: str,
    today: date,
    at: datetime,
    by: User,
) -> Refund:
    """
    Put back on account what was paid back and came back: refused, or never cashed.

    :raises SaysNoReason: without a reason.
    :raises NotPaidBack: if it was not recorded.
    :raises ReturnedTooEarly: before it was paid, or after today.
    :raises AlreadyReversed: if it was taken back.
    """
    require_reason(reason)
    refund, share = _lock_refund(refund)
    require_no_interest(share.organization, on=today, by=by)
    if refund.entry is None or refund.paid_on is None:
        raise NotPaidBack(_("This was not paid back."))
    if not refund.paid_on <= returned_on <= today:
        raise ReturnedTooEarly(_("It came back after it was paid, and by today."))
    reverse(refund.entry, value_on=returned_on, reason=reason, by=by, at=at)
    journal.record(Verb.REFUND_REVERSED, refund, by=by, amount=refund.amount)
    return refund


def _lock_refund(refund: Refund) -> tuple[Refund, ReceiptShare]:
    related = ReceiptShare.objects.select_related("receipt", "organization")
    share = related.get(pk=refund.share_id)
    lock_organizations(share.organization)
    return Refund.objects.locked(refund), share


def _require_left(share: ReceiptShare, amount: Decimal) -> None:
    rows = ReceiptShare.objects.with_unapplied().select_related("receipt")
    share = rows.get(pk=share.pk)
    if amount > share.unapplied:
        left = money.written(share.unapplied, share.receipt.currency)
        raise NotEnoughCash(_("Only %(left)s of it is left.") % {"left": left})
