"""Who may see what a member gets, write down what it used, and grant more."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..ties import companies_that_tell
from .separation import unbarred


@permission("consortium.view_entitlement")
def view_entitlement(user: Any) -> Q:
    """Those who tell a member's number see what it gets for it."""
    return staff_or(
        user,
        "consortium.view_entitlement",
        lambda: Q(organization__in=companies_that_tell(user)),
    )


@permission("consortium.view_benefituse")
def view_benefituse(user: Any) -> Q:
    """Whoever sees an entitlement sees what was used of it."""
    return staff_or(
        user,
        "consortium.view_entitlement",
        lambda: Q(
            commitment_year__agreement__organization__in=companies_that_tell(user)
        ),
    )


permission("consortium.use_entitlement")(staff("consortium.add_benefituse"))
permission("consortium.reverse_benefituse")(staff("consortium.add_benefituse"))


@permission("consortium.grant_entitlement")
def grant_entitlement(user: Any) -> Q:
    return unbarred(user, "consortium.grant_entitlement", "organization")
