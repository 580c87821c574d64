"""Who may claim a contribution, and take part in its decision."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..models import CreditEntry, CreditOpinion, EntryKind, Office
from ..states import PENDING_CLAIMS, ClaimState
from ..ties import companies_that_commit, companies_that_tell
from .separation import by_person, unbarred

ENTRIES = CreditEntry.objects.filter(credit=OuterRef("pk"))
NOT_REVERSED = ~Q(Exists(ENTRIES.filter(kind=EntryKind.REVERSED)))


@permission("consortium.claim_credit_organization")
@permission("consortium.offer_in_kind_organization")
def claim_credit_organization(user: Any) -> Q:
    """Staff, and those of the company itself who see what it committed."""
    return staff_or(
        user,
        "consortium.add_contributioncredit",
        lambda: Q(pk__in=companies_that_commit(user)),
    )


@permission("consortium.view_contributioncredit")
def view_contributioncredit(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_contributioncredit",
        lambda: Q(organization__in=companies_that_tell(user)),
    )


#: What others claim by the same document, for those who bring a claim to its decision.
permission("consortium.compare_contributioncredit")(
    staff("consortium.review_contributioncredit")
)
permission("consortium.view_creditopinion")(staff("consortium.view_creditopinion"))


def claimant(user: Any) -> Q:
    """Those who could have made the claim."""
    return staff_or(
        user,
        "consortium.add_contributioncredit",
        lambda: Q(organization__in=companies_that_commit(user)),
    )


@permission("consortium.withdraw_contributioncredit")
def withdraw_contributioncredit(user: Any) -> Q:
    return Q(state__in=PENDING_CLAIMS) & claimant(user)


@permission("consortium.supply_contributioncredit")
def supply_contributioncredit(user: Any) -> Q:
    return Q(state=ClaimState.EVIDENCE_REQUESTED) & claimant(user)


@permission("consortium.ask_contributioncredit")
def ask_contributioncredit(user: Any) -> Q:
    waits = Q(state__in=[ClaimState.CLAIMED, ClaimState.UNDER_REVIEW])
    return waits & unbarred(user, "consortium.review_contributioncredit")


@permission("consortium.review_contributioncredit")
def review_contributioncredit(user: Any) -> Q:
    waits = Q(state__in=[ClaimState.CLAIMED, ClaimState.EVIDENCE_REQUESTED])
    return waits & staff("consortium.review_contributioncredit")(user)


@permission("consortium.opine_contributioncredit")
def opine_contributioncredit(user: Any) -> Q:
    """Whoever speaks for an office, while the claim of somebody else waits."""
    speaks = unbarred(user, "consortium.speak_for_finance")
    speaks |= unbarred(user, "consortium.speak_for_counsel")
    waits = Q(state__in=PENDING_CLAIMS) & ~by_person(user, "claimed_by")
    return waits & speaks


@permission("consortium.decide_contributioncredit")
def decide_contributioncredit(user: Any) -> Q:
    """A director who neither claimed it nor gave an opinion, nor is barred there."""
    heard = CreditOpinion.objects.filter(by_person(user, "given_by"))
    waits = Q(state=ClaimState.UNDER_REVIEW) & ~by_person(user, "claimed_by")
    waits &= ~Q(pk__in=heard.values("credit"))
    return waits & unbarred(user, "consortium.decide_contributioncredit")


@permission("consortium.reduce_contributioncredit")
@permission("consortium.reverse_contributioncredit")
def reduce_contributioncredit(user: Any) -> Q:
    """Who decides may reduce and reverse what stands but by a payment."""
    stands = Q(posting=None) & Q(Exists(ENTRIES)) & NOT_REVERSED
    return stands & unbarred(user, "consortium.decide_contributioncredit")


#: Who speaks for which office.
SPEAKS_FOR = {
    Office.FINANCE: "consortium.speak_for_finance",
    Office.LEGAL: "consortium.speak_for_counsel",
}
