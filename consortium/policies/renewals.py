"""
Who sees terms to their renewal: INM alone, but for what a member itself says of it.
"""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..states import AgreementState
from ..ties import sponsored_by
from .separation import unbarred

permission("consortium.view_renewalestimate")(staff("consortium.view_renewalestimate"))


@permission("consortium.view_renewal_agreement")
def view_renewal_agreement(user: Any) -> Q:
    is_signed = ~Q(state=AgreementState.DRAFT)
    return is_signed & staff("consortium.view_renewalestimate")(user)


@permission("consortium.estimate_renewal_agreement")
def estimate_renewal_agreement(user: Any) -> Q:
    is_signed = Q(state=AgreementState.SIGNED)
    return is_signed & unbarred(user, "consortium.add_renewalestimate")


permission("consortium.view_exitinterview")(staff("consortium.view_exitinterview"))


@permission("consortium.view_renewalanswer")
def view_renewalanswer(user: Any) -> Q:
    """INM reads all, and the executive sponsor what its company said."""
    return staff_or(
        user,
        "consortium.view_renewalanswer",
        lambda: Q(agreement__organization__in=sponsored_by(user)),
    )


@permission("consortium.answer_renewal_agreement")
def answer_renewal_agreement(user: Any) -> Q:
    """Staff writes down what a member says; its executive sponsor says it here."""
    is_signed = Q(state=AgreementState.SIGNED)
    return is_signed & staff_or(
        user,
        "consortium.add_renewalanswer",
        lambda: Q(organization__in=sponsored_by(user)),
    )


@permission("consortium.rule_late_notice_renewalanswer")
def rule_late_notice_renewalanswer(user: Any) -> Q:
    member = "agreement__organization"
    bars = unbarred(user, "consortium.add_latenoticeruling", member)
    return Q(ruling=None) & bars


@permission("consortium.grant_goodwill_agreement")
def grant_goodwill_agreement(user: Any) -> Q:
    is_signed = Q(state=AgreementState.SIGNED)
    return is_signed & unbarred(user, "consortium.add_goodwillaccess")


@permission("consortium.record_exit_agreement")
def record_exit_agreement(user: Any) -> Q:
    is_signed = Q(state=AgreementState.SIGNED)
    return is_signed & staff("consortium.add_exitinterview")(user)
