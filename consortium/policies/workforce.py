"""Who sees workforce programs and what members give to them, and who keeps them."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..ties import companies_of, companies_that_tell
from .library import is_member


@permission("consortium.view_workforceprogram")
def view_workforceprogram(user: Any) -> Q:
    """INM, and the people of members: any of them may want to take part."""
    return staff_or(
        user,
        "consortium.view_workforceprogram",
        lambda: ~Q(pk__in=[]) if is_member(user) else Q(pk__in=[]),
    )


permission("consortium.change_workforceprogram")(staff("consortium.add_programpart"))
permission("consortium.join_workforceprogram")(staff("consortium.add_programpart"))


@permission("consortium.view_programpart")
def view_programpart(user: Any) -> Q:
    """INM sees all, the people of a member its own."""
    return staff_or(
        user,
        "consortium.view_workforceprogram",
        lambda: Q(organization__in=companies_of(user)),
    )


@permission("consortium.change_programpart")
@permission("consortium.leave_programpart")
@permission("consortium.contribute_programpart")
def change_programpart(user: Any) -> Q:
    return staff("consortium.add_programpart")(user) & Q(left_on=None)


@permission("consortium.view_programcontribution")
def view_programcontribution(user: Any) -> Q:
    """INM sees all; at a member, who sees what it committed."""
    return staff_or(
        user,
        "consortium.view_workforceprogram",
        lambda: Q(part__organization__in=companies_that_tell(user)),
    )


@permission("consortium.take_back_programcontribution")
def take_back_programcontribution(user: Any) -> Q:
    keeps = staff("consortium.add_programpart")(user)
    return keeps & Q(reverses=None, reversal=None)
