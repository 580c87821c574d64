"""Who may do what with a thing in kind and with its value."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..models import IN_KIND, ValuationDispute
from ..states import PENDING_CLAIMS, ClaimState, ItemState
from ..ties import companies_that_tell
from .credits import NOT_REVERSED, claimant
from .separation import by_person, unbarred

#: What MIT booked is its own bookkeeping; the company sees what is credited.
permission("consortium.see_booking_contributioncredit")(
    staff("consortium.view_contributioncredit")
)


@permission("consortium.view_appraisal")
@permission("consortium.view_valuation")
@permission("consortium.view_valuationdispute")
def view_valuation(user: Any) -> Q:
    """Whoever sees a credit sees what was said of the value of its thing."""
    return staff_or(
        user,
        "consortium.view_contributioncredit",
        lambda: Q(item__credit__organization__in=companies_that_tell(user)),
    )


@permission("consortium.value_contributioncredit")
def value_contributioncredit(user: Any) -> Q:
    waits = Q(state__in=PENDING_CLAIMS, category__in=IN_KIND)
    return waits & unbarred(user, "consortium.value_contributioncredit")


@permission("consortium.appraise_contributioncredit")
def appraise_contributioncredit(user: Any) -> Q:
    """Whoever values it; a dispute may ask for an appraisal after the decision."""
    kept = Q(category__in=IN_KIND) & ~Q(state=ClaimState.WITHDRAWN)
    return kept & unbarred(user, "consortium.value_contributioncredit")


#: Before a thing is agreed to or declined.
IS_OPEN = Q(
    state__in=PENDING_CLAIMS,
    item__state__in=[ItemState.OFFERED, ItemState.ASSESSING],
)
IS_ASSESSED = Q(state__in=PENDING_CLAIMS, item__state=ItemState.ASSESSING)


@permission("consortium.assess_contributioncredit")
def assess_contributioncredit(user: Any) -> Q:
    return IS_OPEN & unbarred(user, "consortium.review_contributioncredit")


@permission("consortium.approve_contributioncredit")
def approve_contributioncredit(user: Any) -> Q:
    """Those who review record what an office approved; not of their own offer."""
    others = IS_ASSESSED & ~by_person(user, "claimed_by")
    return others & unbarred(user, "consortium.review_contributioncredit")


@permission("consortium.agree_contributioncredit")
def agree_contributioncredit(user: Any) -> Q:
    """A director, but not on their own offer."""
    others = IS_ASSESSED & ~by_person(user, "claimed_by")
    return others & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.decline_contributioncredit")
def decline_contributioncredit(user: Any) -> Q:
    others = IS_OPEN & ~by_person(user, "claimed_by")
    return others & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.deliver_contributioncredit")
def deliver_contributioncredit(user: Any) -> Q:
    agreed = Q(state__in=PENDING_CLAIMS, item__state=ItemState.AGREED)
    return agreed & unbarred(user, "consortium.review_contributioncredit")


@permission("consortium.give_back_contributioncredit")
def give_back_contributioncredit(user: Any) -> Q:
    delivered = Q(item__state=ItemState.DELIVERED)
    return delivered & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.book_contributioncredit")
def book_contributioncredit(user: Any) -> Q:
    return Q(category__in=IN_KIND) & staff("consortium.book_contributioncredit")(user)


@permission("consortium.dispute_contributioncredit")
def dispute_contributioncredit(user: Any) -> Q:
    given = Q(state=ClaimState.DECIDED, category__in=IN_KIND) & NOT_REVERSED
    return given & claimant(user)


@permission("consortium.settle_contributioncredit")
def settle_contributioncredit(user: Any) -> Q:
    """A second approver: not who decided, claimed or disputes it."""
    others = ValuationDispute.objects.filter(outcome=None)
    others = others.exclude(by_person(user, "raised_by"))
    given = Q(state=ClaimState.DECIDED, item__disputes__in=others)
    given &= ~by_person(user, "decided_by") & ~by_person(user, "claimed_by")
    return given & unbarred(user, "consortium.decide_contributioncredit")
