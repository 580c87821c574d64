"""What people are at INM, and whether they come in at all."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import documents, journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from .invitations import revoke_invitation
from .models import Invitation, User
from .sessions import end_sessions
from .tokens import revoke_tokens
from .verbs import Verb

#: The lock under which roles at INM and access change, one change at a time.
ROLES = "roles at INM"


class OwnAccess(Refusal):
    code = "own_access"


class LastManager(Refusal):
    code = "last_manager"


class RoleHeld(Refusal):
    code = "role_held"
    field = "role"


class RoleNotHeld(Refusal):
    code = "role_not_held"
    field = "role"


class AccessEnded(Refusal):
    code = "access_ended"


class AccessNotEnded(Refusal):
    code = "access_not_ended"


@transaction.atomic
def give_role(user: User, *, role: Group, by: User | None) -> User:
    """
    Give somebody a role at INM.

    :raises OwnAccess: if it is who acts.
    :raises AccessEnded: if the person does not come in.
    :raises RoleHeld: if they have it.
    """
    user = _lock(user, by=by)
    _require_active(user)
    if user.groups.filter(pk=role.pk).exists():
        raise RoleHeld(_("This person holds that role already."))
    user.groups.add(role)
    journal.record(Verb.ROLE_GIVEN, user, by=by, role=role.name)
    return user


@transaction.atomic
def take_role(user: User, *, role: Group, by: User | None) -> User:
    """
    Take a role at INM from somebody; it works from the next request on.

    What the role let them have made, or promise to others, ends with it.

    :raises OwnAccess: if it is who acts.
    :raises RoleNotHeld: if they do not have it.
    :raises LastManager: if nobody would be left who manages people.
    """
    user = _lock(user, by=by)
    if not user.groups.filter(pk=role.pk).exists():
        raise RoleNotHeld(_("This person does not hold that role."))
    user.groups.remove(role)
    require_manager()
    journal.record(Verb.ROLE_TAKEN, user, by=by, role=role.name)
    documents.withdraw_results(user, at=timezone.now())
    if not managers().filter(pk=user.pk).exists():
        _revoke(Q(invited_by=user, role__isnull=False), by=by)
    return user


@transaction.atomic
def end_access(user: User, *, by: User | None) -> User:
    """
    Shut somebody out, from the next request on: sessions, tokens, open invitations
    to them, and those of theirs to a role at INM.

    Roles stay written down, so that restoring brings them back.

    :raises OwnAccess: if it is who acts.
    :raises AccessEnded: if the person does not come in anyway.
    :raises LastManager: if nobody would be left who manages people.
    """
    user = _lock(user, by=by)
    _require_active(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    require_manager()
    journal.record(Verb.ACCESS_ENDED, user, by=by)
    sign_out(user, by=by)
    _revoke(Q(email=user.email) | Q(invited_by=user, role__isnull=False), by=by)
    return user


@transaction.atomic
def restore_access(user: User, *, by: User | None) -> User:
    """
    Let somebody in again, who signs in anew.

    :raises OwnAccess: if it is who acts.
    :raises AccessNotEnded: if the person comes in, or the account is merged.
    """
    user = _lock(user, by=by)
    if user.merged_into_id is not None:
        raise AccessNotEnded(_("This account leads to another; undo the merge."))
    if user.is_active:
        raise AccessNotEnded(_("This person comes in already."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    journal.record(Verb.ACCESS_RESTORED, user, by=by)
    return user


def sign_out(user: User, *, by: User | None) -> None:
    """End every session and every token of a person, on the server, at once."""
    end_sessions(user, by=by)
    revoke_tokens(user, by=by)


def _lock(user: User, *, by: User | None) -> User:
    take_turns(ROLES)
    if by is not None and by == user:
        raise OwnAccess(_("Nobody changes their own access; ask a colleague."))
    locked: User = User.objects.locked(user)
    return locked


def _require_active(user: User) -> None:
    if not user.is_active:
        raise AccessEnded(_("The access of this person has ended."))


def require_manager() -> None:
    """
    :raises LastManager: unless somebody can still manage people.
    """
    if not is_managed():
        raise LastManager(_("Somebody must be left who manages people."))


def is_managed() -> bool:
    """Say whether somebody who comes in can manage people."""
    return managers().exists()


def managers() -> QuerySet[User]:
    """Return those who come in and can manage people."""
    return User.objects.filter(
        is_active=True, groups__permissions__codename="change_user"
    )


def _revoke(which: Q, *, by: User | None) -> None:
    for invitation in Invitation.objects.pending().filter(which):
        revoke_invitation(invitation, by=by)
