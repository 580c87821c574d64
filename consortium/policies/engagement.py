"""Who reads what was spoken with members, and who writes it down."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff, staff_or

from ..models import STANDS
from ..ties import companies_of


@permission("consortium.view_interaction")
def view_interaction(user: Any) -> Q:
    """INM reads all; the people of a member what stands and is shared with them."""
    return staff_or(
        user,
        "consortium.view_interaction",
        lambda: STANDS & Q(is_shared=True, organization__in=companies_of(user)),
    )


permission("consortium.view_facultymember")(staff("consortium.view_facultymember"))
permission("consortium.record_interaction_organization")(
    staff("consortium.add_interaction")
)


@permission("consortium.correct_interaction")
def correct_interaction(user: Any) -> Q:
    return staff("consortium.add_interaction")(user) & STANDS


@permission("consortium.take_back_interaction")
def take_back_interaction(user: Any) -> Q:
    return correct_interaction(user)


@permission("consortium.follow_up_interaction")
def follow_up_interaction(user: Any) -> Q:
    return correct_interaction(user)


permission("consortium.view_followup")(staff("consortium.view_interaction"))
permission("consortium.reopen_followup")(staff("consortium.add_interaction"))
