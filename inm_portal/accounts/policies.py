"""Who may see people, invite them, and change what they are here."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import permission, staff

from .roles import ADMIN, AUDITOR, DIRECTOR, PROGRAM_STAFF

SEE = ["view_user", "view_accessrequest"]
INVITE = ["change_accessrequest"]
#: To give and take roles at INM, and to end and restore somebody's access.
MANAGE = ["change_user"]
#: To hand out what is held about somebody, and to erase it.
PRIVACY = ["add_erasure"]

#: What each role may do with people.
ROLES = {
    DIRECTOR: [*SEE, *INVITE, *MANAGE, *PRIVACY],
    ADMIN: [*SEE, *INVITE, *MANAGE, *PRIVACY],
    PROGRAM_STAFF: [*SEE, *INVITE],
    AUDITOR: SEE,
}

permission("accounts.view_user")(staff("accounts.view_user"))
permission("accounts.view_accessrequest")(staff("accounts.view_accessrequest"))


@permission("accounts.welcome_accessrequest")
def welcome_accessrequest(user: Any) -> Q:
    return Q(outcome="") & staff("accounts.change_accessrequest")(user)


@permission("accounts.decline_accessrequest")
def decline_accessrequest(user: Any) -> Q:
    """Who may end access at all; never that of somebody with a role at INM."""
    is_nobody_yet = Q(outcome="", user__groups=None)
    return is_nobody_yet & staff("accounts.change_user")(user)


permission("accounts.hand_out_user")(staff("accounts.add_erasure"))


@permission("accounts.erase_user")
def erase_user(user: Any) -> Q:
    """Whoever may erase, once, and never themselves."""
    return Q(erasure=None) & ~Q(pk=user.pk) & staff("accounts.add_erasure")(user)


@permission("accounts.view_apitoken")
@permission("accounts.revoke_apitoken")
@permission("kernel.view_session")
@permission("kernel.end_session")
def own(user: Any) -> Q:
    return Q(user=user)
