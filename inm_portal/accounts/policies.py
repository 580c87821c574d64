"""Who may see people, invite them, and change what they are here."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.models import undoable
from inm_portal.kernel.permissions import permission, staff, staff_or

from .models import InvitationState
from .roles import ADMIN, AUDITOR, DIRECTOR, PROGRAM_STAFF

SEE = ["view_user", "view_invitation", "view_delegation", "view_accessrequest"]
INVITE = ["add_invitation", "change_accessrequest"]
#: To give and take roles at INM, and to end and restore somebody's access.
MANAGE = ["change_user", "add_delegation"]
#: To see the portal as a member does, and to see who did.
VIEW_AS = ["view_as_user"]
VIEWINGS = ["view_viewing"]
#: To hand out what is held about somebody, and to erase it.
PRIVACY = ["add_erasure"]

#: What each role may do with people.
ROLES = {
    DIRECTOR: [*SEE, *INVITE, *MANAGE, *PRIVACY, *VIEW_AS, *VIEWINGS],
    ADMIN: [*SEE, *INVITE, *MANAGE, *PRIVACY, *VIEW_AS, *VIEWINGS],
    PROGRAM_STAFF: [*SEE, *INVITE, *VIEW_AS],
    AUDITOR: [*SEE, *VIEWINGS],
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


@permission("accounts.delegate_user")
def delegate_user(user: Any) -> Q:
    """For people outside of INM, who may sign in."""
    return Q(groups=None, is_active=True) & staff("accounts.add_delegation")(user)


@permission("accounts.view_delegation")
def view_delegation(user: Any) -> Q:
    return staff_or(
        user,
        "accounts.view_delegation",
        lambda: Q(principal=user) | Q(delegate=user),
    )


@permission("accounts.revoke_delegation")
def revoke_delegation(user: Any) -> Q:
    """Either of the two."""
    return Q(revoked_at=None) & (Q(principal=user) | Q(delegate=user))


@permission("accounts.end_delegation")
def end_delegation(user: Any) -> Q:
    """Whoever could have given it for the two; they say why."""
    return Q(revoked_at=None) & staff("accounts.add_delegation")(user)


@permission("accounts.view_apitoken")
@permission("accounts.revoke_apitoken")
@permission("kernel.view_session")
@permission("kernel.end_session")
def own(user: Any) -> Q:
    return Q(user=user)


@permission("accounts.view_as_user")
def view_as_user(user: Any) -> Q:
    """Whoever may view as others: as those who come in and hold no role at INM."""
    outside = Q(is_active=True, groups=None)
    return outside & staff("accounts.view_as_user")(user)


@permission("accounts.view_viewing")
def view_viewing(user: Any) -> Q:
    """Those who oversee it see all, everybody else their own."""
    return Q(by=user) | staff("accounts.view_viewing")(user)


@permission("accounts.give_role_user")
@permission("accounts.take_role_user")
@permission("accounts.end_access_user")
@permission("accounts.reset_factors_user")
@permission("accounts.merge_user")
def manage_user(user: Any) -> Q:
    """Whoever manages people, but nobody themselves."""
    others = Q(is_active=True) & ~Q(pk=user.pk)
    return others & staff("accounts.change_user")(user)


@permission("accounts.restore_access_user")
def restore_access_user(user: Any) -> Q:
    ended = Q(is_active=False, merged_into=None, erasure=None)
    return ended & staff("accounts.change_user")(user)


permission("accounts.view_usermerge")(staff("accounts.view_user"))


@permission("accounts.undo_usermerge")
def undo_usermerge(user: Any) -> Q:
    """Whoever manages people, of others, for 30 days."""
    of_others = ~Q(survivor=user) & ~Q(merged=user) & Q(merged__erasure=None)
    return undoable() & of_others & staff("accounts.change_user")(user)


permission("accounts.view_invitation")(staff("accounts.view_invitation"))


@permission("accounts.resend_invitation")
def resend_invitation(user: Any) -> Q:
    """Whoever invites; to a role at INM, only those who give roles."""
    to_any = staff("accounts.change_user")(user)
    to_none = Q(role=None) & staff("accounts.add_invitation")(user)
    return Q(state=InvitationState.PENDING) & (to_any | to_none)


permission("accounts.revoke_invitation")(resend_invitation)
