"""Who may see people and the portal as they do, and end what belongs to them."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff

from .roles import ADMIN, AUDITOR, DIRECTOR, PROGRAM_STAFF

#: What each role may do with people.
ROLES = {
    DIRECTOR: ["view_user", "view_as_user", "view_viewing"],
    ADMIN: ["view_user", "view_as_user", "view_viewing"],
    PROGRAM_STAFF: ["view_user", "view_as_user"],
    AUDITOR: ["view_user", "view_viewing"],
}


@permission("accounts.view_apitoken")
@permission("accounts.revoke_apitoken")
@permission("kernel.view_session")
@permission("kernel.end_session")
def own(user: Any) -> Q:
    return Q(user=user)


permission("accounts.view_user")(staff("accounts.view_user"))


@permission("accounts.view_as_user")
def view_as_user(user: Any) -> Q:
    """Whoever may view as others: as those who come in and hold no role at INM."""
    outside = Q(is_active=True, groups=None)
    return outside & staff("accounts.view_as_user")(user)


@permission("accounts.view_viewing")
def view_viewing(user: Any) -> Q:
    """Those who oversee it see all, everybody else their own."""
    return Q(by=user) | staff("accounts.view_viewing")(user)
