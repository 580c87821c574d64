"""Offer a thing in kind, value it, take delivery, dispute the value, give it back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import documents, journal, money
from inm_portal.kernel.errors import Refusal

from ..documents import APPRAISAL
from ..models import (
    IN_KIND,
    Appraisal,
    ApprovingOffice,
    ContributionCredit,
    CreditEntry,
    DisputeOutcome,
    EntryKind,
    Evidence,
    InKindItem,
    ItemApproval,
    Method,
    Organization,
    Valuation,
    ValuationDispute,
    value_of,
)
from ..states import ClaimState, ItemState
from ..verbs import Verb
from . import credit_mails
from .claims import (
    NotPending,
    Paper,
    Part,
    lock_credit,
    require_left,
    write_claims,
)
from .decisions import (
    AboveClaim,
    NothingStands,
    credited_of,
    reduce_locked,
    require_delivered,
    require_not_claimed,
    require_not_valued,
    reverse_locked,
    write_decision,
)
from .interests import require_no_interest


class NotInKind(Refusal):
    code = "not_in_kind"


class DeliveredInFuture(Refusal):
    code = "delivered_in_future"
    field = "on"


class NotAssessing(Refusal):
    code = "not_assessing"


class ApprovedAlready(Refusal):
    code = "approved_already"
    field = "office"


class DatedInFuture(Refusal):
    code = "dated_in_future"


class ApprovalMissing(Refusal):
    code = "approval_missing"


class AppraisalMissing(Refusal):
    code = "appraisal_missing"
    field = "method"


class NothingDisputed(Refusal):
    code = "nothing_disputed"


class StillDisputed(Refusal):
    code = "still_disputed"


class DecidedByYourself(Refusal):
    code = "decided_by_yourself"


class OwnDispute(Refusal):
    code = "own_dispute"


class ValueTooLarge(Refusal):
    code = "value_too_large"
    field = "basis"


@transaction.atomic
def offer_in_kind(
    organization: Organization,
    *,
    part: Part,
    paper: Paper,
    contributed_on: date,
    at: datetime,
    today: date,
    by: User | None,
    file: File | None = None,
    knows_earlier: bool = False,
    **item: Any,
) -> ContributionCredit:
    """
    Offer a thing, with the price list or offer that shows what it costs.

    :raises NotInKind: for a category of cash.
    """
    if part.category not in IN_KIND:
        raise NotInKind(_("Choose a category of what is given in kind."))
    (credit,) = write_claims(
        organization,
        paper=paper,
        parts=[part],
        contributed_on=contributed_on,
        what_for=item["name"],
        at=at,
        today=today,
        by=by,
        file=file,
        knows_earlier=knows_earlier,
    )
    InKindItem.objects.create(credit=credit, **item)
    return credit


@transaction.atomic
def assess_item(
    credit: ContributionCredit, *, today: date, by: User, **found: Any
) -> ContributionCredit:
    """
    Say what an item brings along, and who approves it; until it is agreed to.

    :raises IllegalTransition: once it is agreed to or declined.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=today, by=by)
    item = InKindItem.objects.get(credit=credit)
    if item.state != ItemState.ASSESSING:
        item.move_to(ItemState.ASSESSING)
    for name, value in found.items():
        setattr(item, name, value)
    item.save(update_fields=["state", *found])
    needed = [str(office) for office in item.needed]
    journal.record(Verb.ITEM_ASSESSED, credit, by=by, needs=needed)
    return credit


@transaction.atomic
def approve_item(
    credit: ContributionCredit,
    *,
    office: str,
    approved_by: str,
    approved_on: date,
    at: datetime,
    today: date,
    by: User,
    note: str = "",
) -> ItemApproval:
    """
    Record that an office approved an item.

    :raises NotAssessing: before it is assessed, and once it is agreed to or declined.
    :raises ApprovedAlready: if the office approved it before.
    :raises DatedInFuture: if the day lies ahead.
    :raises OwnClaim: if ``by`` offered it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_not_claimed(credit, by=by)
    require_no_interest(credit.organization, on=today, by=by)
    if credit.item.state != ItemState.ASSESSING:
        raise NotAssessing(_("An item is approved while it is assessed."))
    if credit.item.approvals.filter(office=office).exists():
        raise ApprovedAlready(_("This office approved it already."))
    _require_past(approved_on, today, "approved_on")
    approval = ItemApproval.objects.create(
        item=credit.item,
        office=office,
        approved_by=approved_by,
        approved_on=approved_on,
        note=note,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"office": office, "approved_on": approved_on}
    journal.record(Verb.ITEM_APPROVED, credit, by=by, **facts)
    return approval


def _require_past(day: date, today: date, field: str) -> None:
    if day > today:
        raise DatedInFuture(_("This day lies ahead."), field=field)


@transaction.atomic
def agree_to_item(
    credit: ContributionCredit, *, at: datetime, today: date, by: User
) -> ContributionCredit:
    """
    Accept an item in principle; nothing is credited by it.

    :raises IllegalTransition: before it was assessed.
    :raises ApprovalMissing: if an office that it needs did not approve it.
    :raises OwnClaim: if ``by`` offered it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_not_claimed(credit, by=by)
    given = set(credit.item.approvals.values_list("office", flat=True))
    if missing := [one for one in credit.item.needed if one not in given]:
        offices = ", ".join(str(ApprovingOffice(one).label) for one in missing)
        raise ApprovalMissing(
            _("Before this is agreed to, it needs the approval of: %(offices)s.")
            % {"offices": offices}
        )
    _advance(credit, ItemState.AGREED, Verb.ITEM_AGREED, today=today, by=by)
    credit_mails.tell_company(credit, "item_agreed", at=at)
    return credit


@transaction.atomic
def decline_item(
    credit: ContributionCredit, *, reason: str, at: datetime, today: date, by: User
) -> ContributionCredit:
    """
    Decline an item; its claim is rejected with the reason.

    :raises OwnClaim: if ``by`` offered it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    require_not_claimed(credit, by=by)
    credit = _step(credit, ItemState.DECLINED, Verb.ITEM_DECLINED, today=today, by=by)
    if credit.state != ClaimState.UNDER_REVIEW:
        credit.move_to(ClaimState.UNDER_REVIEW)
        credit.save(update_fields=["state"])
    credit.move_to(ClaimState.DECIDED)
    write_decision(credit, Decimal(), reason=reason, at=at, by=by)
    return credit


@transaction.atomic
def deliver_item(
    credit: ContributionCredit, *, on: date, today: date, by: User
) -> ContributionCredit:
    """
    Record that an item arrived and works.

    :raises DeliveredInFuture: if the day lies ahead.
    """
    if on > today:
        raise DeliveredInFuture(_("The day of the delivery lies ahead."))
    return _step(
        *(credit, ItemState.DELIVERED, Verb.ITEM_DELIVERED),
        today=None,
        by=by,
        delivered_on=on,
    )


@transaction.atomic
def return_item(
    credit: ContributionCredit, *, reason: str, at: datetime, today: date, by: User
) -> ContributionCredit:
    """
    Give an item back, as one that broke or was never installed (case 30).

    What stands of its credit is reversed; its year may be short again, with a
    cure period from today.
    """
    credit = _step(
        *(credit, ItemState.RETURNED, Verb.ITEM_RETURNED),
        today=today,
        by=by,
        returned_on=today,
    )
    if ContributionCredit.objects.with_outcome().get(pk=credit.pk).standing:
        return reverse_locked(credit, reason=reason, at=at, today=today, by=by)
    return credit


def _step(
    credit: ContributionCredit,
    state: ItemState,
    verb: Verb,
    *,
    today: date | None,
    by: User,
    **facts: Any,
) -> ContributionCredit:
    credit = lock_credit(credit)
    _advance(credit, state, verb, today=today, by=by, **facts)
    return credit


def _advance(
    credit: ContributionCredit,
    state: ItemState,
    verb: Verb,
    *,
    today: date | None,
    by: User,
    **facts: Any,
) -> None:
    """Bring the item of a credit, whose member the caller holds, to a state."""
    if today is not None:
        require_no_interest(credit.organization, on=today, by=by)
    item = InKindItem.objects.get(credit=credit)
    item.move_to(state)
    for name, value in facts.items():
        setattr(item, name, value)
    item.save(update_fields=["state", *facts])
    journal.record(verb, credit, by=by, **facts)


@transaction.atomic
def value_item(
    credit: ContributionCredit,
    *,
    method: str,
    basis: Decimal,
    at: datetime,
    today: date,
    by: User,
    discount_percent: Decimal = Decimal(),
    months: int = 0,
    note: str = "",
) -> Valuation:
    """
    Say what an item is worth; the last valuation stands.

    :raises NotPending: once its claim is settled.
    :raises AppraisalMissing: by appraisal, where there is none of that value.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    :raises ValueTooLarge: if that is more than an amount can be.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=today, by=by)
    if not credit.is_pending:
        raise NotPending(_("This claim is settled."))
    by_appraisal = method == Method.APPRAISAL
    if by_appraisal and not credit.item.appraisals.filter(value=basis).exists():
        raise AppraisalMissing(_("Add the appraisal that says so first."))
    inputs: dict[str, Any] = {
        "basis": basis,
        "discount_percent": discount_percent,
        "months": months,
    }
    value = value_of(method, **inputs)
    if value > money.MOST:
        raise ValueTooLarge(_("This comes to more than can be written down."))
    valuation = Valuation.objects.create(
        item=credit.item,
        method=method,
        **inputs,
        value=value,
        note=note,
        valued_by=by,
        valued_at=at,
    )
    journal.record(Verb.ITEM_VALUED, credit, by=by, value=valuation.value)
    return valuation


@transaction.atomic
def add_appraisal(
    credit: ContributionCredit,
    *,
    appraiser: str,
    appraised_on: date,
    value: Decimal,
    file: File,
    at: datetime,
    today: date,
    by: User,
    cost: Decimal = Decimal(),
) -> Appraisal:
    """
    Keep what an independent appraiser found, with the paper and what it cost.

    It changes no value by itself: a valuation or the outcome of a dispute does.

    :raises DatedInFuture: if the day lies ahead.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=today, by=by)
    _require_past(appraised_on, today, "appraised_on")
    document = documents.upload(file, kind=APPRAISAL, subject=credit, at=at, by=by)
    appraisal = Appraisal.objects.create(
        item=credit.item,
        appraiser=appraiser,
        appraised_on=appraised_on,
        value=value,
        cost=cost,
        document=document,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"value": value, "cost": cost, "document": document.pk}
    journal.record(Verb.ITEM_APPRAISED, credit, by=by, **facts)
    return appraisal


@transaction.atomic
def book_item(
    credit: ContributionCredit, *, booked_value: Decimal, by: User
) -> ContributionCredit:
    """Record what MIT booked for an item, which may differ from what is credited."""
    credit = lock_credit(credit)
    item = credit.item
    item.booked_value = booked_value
    item.save(update_fields=["booked_value"])
    journal.record(Verb.ITEM_BOOKED, credit, by=by, booked_value=booked_value)
    return credit


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
