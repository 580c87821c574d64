"""Who may see and end what belongs to one person."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from inm_portal.kernel.permissions import permission, staff

from .models import InvitationState, UserMerge
from .roles import ADMIN, AUDITOR, DIRECTOR, PROGRAM_STAFF

SEE = ["view_user", "view_invitation"]
INVITE = ["add_invitation"]
#: To give and take roles at INM, and to end and restore somebody's access.
MANAGE = ["change_user"]

#: What each role may do with people.
ROLES = {
    DIRECTOR: [*SEE, *INVITE, *MANAGE],
    ADMIN: [*SEE, *INVITE, *MANAGE],
    PROGRAM_STAFF: [*SEE, *INVITE],
    AUDITOR: SEE,
}


@permission("accounts.view_apitoken")
@permission("accounts.revoke_apitoken")
@permission("kernel.view_session")
@permission("kernel.end_session")
def own(user: Any) -> Q:
    return Q(user=user)


permission("accounts.view_user")(staff("accounts.view_user"))


@permission("accounts.give_role_user")
@permission("accounts.take_role_user")
@permission("accounts.end_access_user")
@permission("accounts.merge_user")
def manage_user(user: Any) -> Q:
    """Whoever manages people, but nobody themselves."""
    others = Q(is_active=True) & ~Q(pk=user.pk)
    return others & staff("accounts.change_user")(user)


@permission("accounts.restore_access_user")
def restore_access_user(user: Any) -> Q:
    ended = Q(is_active=False, merged_into=None)
    return ended & staff("accounts.change_user")(user)


permission("accounts.view_usermerge")(staff("accounts.view_user"))


@permission("accounts.undo_usermerge")
def undo_usermerge(user: Any) -> Q:
    """Whoever manages people, of others, for 30 days."""
    recent = Q(undone_at=None, merged_at__gte=timezone.now() - UserMerge.UNDO_WITHIN)
    of_others = ~Q(survivor=user) & ~Q(merged=user)
    return recent & of_others & staff("accounts.change_user")(user)


permission("accounts.view_invitation")(staff("accounts.view_invitation"))


@permission("accounts.resend_invitation")
def resend_invitation(user: Any) -> Q:
    """Whoever invites; to a role at INM, only those who give roles."""
    to_any = staff("accounts.change_user")(user)
    to_none = Q(role=None) & staff("accounts.add_invitation")(user)
    return Q(state=InvitationState.PENDING) & (to_any | to_none)


permission("accounts.revoke_invitation")(resend_invitation)
