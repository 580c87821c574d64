"""Offer a thing in kind, assess it, agree to it, take delivery, give it back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    IN_KIND,
    ContributionCredit,
    InKindItem,
    ItemApproval,
    Organization,
)
from ..states import ClaimState, ItemState
from ..verbs import Verb
from . import credit_mails
from .claims import Paper, Part, lock_credit, require_not_claimed, write_claims
from .decisions import write_decision
from .interests import require_no_interest
from .reversals import end_dispute, reverse_and_tell


class NotInKind(Refusal):
    code = "not_in_kind"


class DeliveredInFuture(Refusal):
    code = "delivered_in_future"
    field = "on"


class DeliveredBeforeOffer(Refusal):
    code = "delivered_before_offer"
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

    An approval was of what its office saw: what says something else needs another.

    :raises IllegalTransition: once it is agreed to or declined.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_no_interest(credit.organization, on=today, by=by)
    item = InKindItem.objects.get(credit=credit)
    if item.state != ItemState.ASSESSING:
        item.move_to(ItemState.ASSESSING)
    if any(getattr(item, name) != value for name, value in found.items()):
        item.assessment += 1
    for name, value in found.items():
        setattr(item, name, value)
    item.save(update_fields=["state", "assessment", *found])
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
    :raises ApprovedAlready: if the office approved this assessment before.
    :raises DatedInFuture: if the day lies ahead.
    :raises OwnClaim: if ``by`` offered it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_not_claimed(credit, by=by)
    require_no_interest(credit.organization, on=today, by=by)
    if credit.item.state != ItemState.ASSESSING:
        raise NotAssessing(_("An item is approved while it is assessed."))
    about: dict[str, Any] = {"office": office, "assessment": credit.item.assessment}
    if credit.item.approvals.filter(**about).exists():
        raise ApprovedAlready(_("This office approved it already."))
    require_past(approved_on, today, "approved_on")
    approval = ItemApproval.objects.create(
        item=credit.item,
        **about,
        approved_by=approved_by,
        approved_on=approved_on,
        note=note,
        recorded_by=by,
        recorded_at=at,
    )
    journal.record(Verb.ITEM_APPROVED, credit, by=by, **about, approved_on=approved_on)
    return approval


def require_past(day: date, today: date, field: str) -> None:
    if day > today:
        raise DatedInFuture(_("This day lies ahead."), field=field)


@transaction.atomic
def agree_to_item(
    credit: ContributionCredit, *, at: datetime, today: date, by: User
) -> ContributionCredit:
    """
    Accept an item in principle; nothing is credited by it.

    :raises IllegalTransition: before it was assessed.
    :raises ApprovalMissing: if an office that it needs did not approve it as it is.
    :raises OwnClaim: if ``by`` offered it.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    credit = lock_credit(credit)
    require_not_claimed(credit, by=by)
    if missing := credit.item.missing:
        offices = ", ".join(str(office.label) for office in missing)
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
    Record that an item arrived and works; that is the day of the contribution.

    :raises DeliveredInFuture: if the day lies ahead.
    :raises DeliveredBeforeOffer: if it lies before the item was offered.
    :raises HasInterest: if ``by`` disclosed an interest in the member.
    """
    if on > today:
        raise DeliveredInFuture(_("The day of the delivery lies ahead."))
    if on < timezone.localdate(credit.claimed_at):
        raise DeliveredBeforeOffer(_("It was not offered yet on this day."))
    return _step(
        *(credit, ItemState.DELIVERED, Verb.ITEM_DELIVERED),
        today=today,
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
        return reverse_and_tell(credit, reason=reason, at=at, today=today, by=by)
    end_dispute(credit, reason=reason, at=at, by=by)
    return credit


def _step(
    credit: ContributionCredit,
    state: ItemState,
    verb: Verb,
    *,
    today: date,
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
    today: date,
    by: User,
    **facts: Any,
) -> None:
    """Bring the item of a credit, whose member the caller holds, to a state."""
    require_no_interest(credit.organization, on=today, by=by)
    item = InKindItem.objects.get(credit=credit)
    item.move_to(state)
    for name, value in facts.items():
        setattr(item, name, value)
    item.save(update_fields=["state", *facts])
    journal.record(verb, credit, by=by, **facts)
