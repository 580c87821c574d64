"""Who may do what with amendments."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..states import AmendmentState
from ..ties import companies_that_tell
from .separation import unbarred


@permission("consortium.view_amendment")
@permission("consortium.preview_amendment")
def view_amendment(user: Any) -> Q:
    """Staff see drafts too; the company sees what was signed."""
    return staff_or(
        user,
        "consortium.view_amendment",
        lambda: (
            Q(state=AmendmentState.SIGNED)
            & Q(agreement__organization__in=companies_that_tell(user))
        ),
    )


#: The member that an amendment is with.
OF_AMENDMENT = "agreement__organization"


@permission("consortium.change_amendment")
def change_amendment(user: Any) -> Q:
    is_draft = Q(state=AmendmentState.DRAFT)
    return is_draft & unbarred(user, "consortium.change_amendment", OF_AMENDMENT)


@permission("consortium.abandon_amendment")
def abandon_amendment(user: Any) -> Q:
    return Q(state=AmendmentState.DRAFT) & staff("consortium.change_amendment")(user)


@permission("consortium.sign_amendment")
def sign_amendment(user: Any) -> Q:
    return unbarred(user, "consortium.sign_amendment", OF_AMENDMENT)


@permission("consortium.waive_amendment")
def waive_amendment(user: Any) -> Q:
    return unbarred(user, "consortium.waive_agreement", OF_AMENDMENT)
