"""Who writes down that somebody asks to pay elsewhere, and who calls back."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import NOBODY, permission, staff

from ..states import ActState
from .separation import by_person

permission("consortium.view_callback")(staff("consortium.view_callback"))
permission("consortium.call_back_organization")(staff("consortium.add_callback"))


@permission("consortium.confirm_callback")
def confirm_callback(user: Any) -> Q:
    """Finance or a director, but not whoever wrote the request down."""
    return refuse_callback(user) & ~by_person(user, "proposed_by")


@permission("consortium.refuse_callback")
def refuse_callback(user: Any) -> Q:
    if not user.has_perm("consortium.approve_callback"):
        return NOBODY
    return Q(state=ActState.PROPOSED)
