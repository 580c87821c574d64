"""Who may do what with agreements."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..states import AgreementState
from ..ties import companies_that_tell
from .separation import unbarred


@permission("consortium.view_agreement")
def view_agreement(user: Any) -> Q:
    """Staff see drafts too; the company sees what was executed."""
    return staff_or(
        user,
        "consortium.view_agreement",
        lambda: (
            ~Q(state=AgreementState.DRAFT)
            & Q(organization__in=companies_that_tell(user))
        ),
    )


@permission("consortium.change_agreement")
def change_agreement(user: Any) -> Q:
    return Q(state=AgreementState.DRAFT) & staff("consortium.change_agreement")(user)


@permission("consortium.add_deviation_agreement")
def add_deviation_agreement(user: Any) -> Q:
    is_draft = Q(state=AgreementState.DRAFT)
    return is_draft & unbarred(user, "consortium.change_agreement")


@permission("consortium.view_deviation")
def view_deviation(user: Any) -> Q:
    """Whoever sees the agreement sees where it differs."""
    return staff_or(
        user,
        "consortium.view_agreement",
        lambda: (
            ~Q(agreement__state=AgreementState.DRAFT)
            & Q(agreement__organization__in=companies_that_tell(user))
        ),
    )


@permission("consortium.remove_deviation")
def remove_deviation(user: Any) -> Q:
    is_draft = Q(agreement__state=AgreementState.DRAFT)
    member = "agreement__organization"
    return is_draft & unbarred(user, "consortium.change_agreement", member)


permission("consortium.attach_agreement")(staff("consortium.change_agreement"))


@permission("consortium.sign_agreement")
def sign_agreement(user: Any) -> Q:
    return unbarred(user, "consortium.sign_agreement")


@permission("consortium.waive_agreement")
def waive_agreement(user: Any) -> Q:
    return unbarred(user, "consortium.waive_agreement")


@permission("consortium.terminate_agreement")
def terminate_agreement(user: Any) -> Q:
    is_signed = Q(state=AgreementState.SIGNED)
    return is_signed & unbarred(user, "consortium.terminate_agreement")


@permission("consortium.amend_agreement")
def amend_agreement(user: Any) -> Q:
    is_signed = Q(state=AgreementState.SIGNED)
    return is_signed & unbarred(user, "consortium.add_amendment")
