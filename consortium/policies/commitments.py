"""Who may see what a member committed, and waive what it lacks."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff_or

from ..ties import companies_that_tell
from .separation import unbarred


@permission("consortium.view_commitmentyear")
def view_commitmentyear(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_commitmentyear",
        lambda: Q(agreement__organization__in=companies_that_tell(user)),
    )


@permission("consortium.view_creditentry")
@permission("consortium.view_shortfallwaiver")
def view_what_is_of_a_year(user: Any) -> Q:
    """Whoever sees a year sees the lines that it is the sum of."""
    return staff_or(
        user,
        "consortium.view_commitmentyear",
        lambda: Q(
            commitment_year__agreement__organization__in=companies_that_tell(user)
        ),
    )


@permission("consortium.waive_commitmentyear")
def waive_commitmentyear(user: Any) -> Q:
    name = "consortium.waive_commitmentyear"
    return unbarred(user, name, "agreement__organization")


@permission("consortium.see_commitment_organization")
def see_commitment_organization(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_commitmentyear",
        lambda: Q(pk__in=companies_that_tell(user)),
    )
