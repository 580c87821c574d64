"""Invite somebody, send the link again, take it back, come in by it."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from inm_portal.kernel import journal, mails, outbox
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import Message

from .models import Invitation, InvitationKind, InvitationState, User, digest_of
from .people import address_lock
from .verbs import Verb

MAIL = "accounts/mail/invitation"


class InvitationOver(Refusal):
    code = "invitation_over"


class AlreadyInvited(Refusal):
    code = "already_invited"
    field = "email"


class OwnInvitation(Refusal):
    code = "own_invitation"
    field = "email"


class SignInFirst(Refusal):
    code = "sign_in_first"


@transaction.atomic
def invite(
    email: str,
    name: str,
    *,
    kind: InvitationKind,
    place: str,
    at: datetime,
    by: User | None,
    role: Group | None = None,
) -> Invitation:
    """
    Send a link to an address; whether it belongs to somebody here is not told.

    :raises OwnInvitation: if people invite themselves.
    :raises AlreadyInvited: if INM has a pending invitation to that address.
    """
    email = email.lower()
    take_turns(address_lock(email))
    if by is not None and email == by.email:
        raise OwnInvitation(_("Somebody else has to invite you."))
    by_inm = Invitation.objects.pending().filter(email=email, kind=kind)
    if kind != InvitationKind.COMPANY and by_inm.exists():
        raise AlreadyInvited(_("This address has an invitation; send that one again."))

    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        kind=kind,
        role=role,
        place=place,
        digest=digest_of(token),
        invited_by=by,
        sent_at=at,
        expires_at=at + Invitation.LIFETIME,
    )
    _write(invitation, token, at=at)
    facts = {"role": role.name} if role else {}
    journal.record(Verb.INVITED, invitation, by=by, kind=kind, **facts)
    return invitation


@transaction.atomic
def resend_invitation(
    invitation: Invitation, *, at: datetime, by: User | None
) -> Invitation:
    """
    Send a new link for 14 more days; the one before opens nothing any more.

    :raises InvitationOver: once it was accepted or revoked.
    """
    invitation = _lock_pending(invitation)
    token = secrets.token_urlsafe(32)
    invitation.digest = digest_of(token)
    invitation.sent_at = at
    invitation.expires_at = at + Invitation.LIFETIME
    invitation.save(update_fields=["digest", "sent_at", "expires_at"])
    _write(invitation, token, at=at)
    journal.record(Verb.INVITATION_RESENT, invitation, by=by)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User | None) -> Invitation:
    """
    Take an invitation back: its link opens nothing any more.

    :raises InvitationOver: once it was accepted or revoked.
    """
    invitation = _lock_pending(invitation)
    invitation.move_to(InvitationState.REVOKED)
    invitation.save(update_fields=["state"])
    journal.record(Verb.INVITATION_REVOKED, invitation, by=by)
    return invitation


@transaction.atomic
def accept(
    invitation: Invitation,
    *,
    digest: str,
    at: datetime,
    password: str | None,
    by: User | None,
) -> User:
    """
    Let somebody in by a link; return who it is.

    Who has an account signs in before, as ``by``; anybody else chooses a
    password. The account is that of the invited address, and no other.

    :raises InvitationOver: if the link is used, revoked, replaced or too old, or
        the person may not sign in.
    :raises SignInFirst: if the address has an account, and ``by`` is not its owner.
    """
    take_turns(address_lock(invitation.email))
    invitation = _lock_pending(invitation)
    if invitation.digest != digest or not invitation.is_open(at=at):
        raise InvitationOver(_("This invitation is no longer valid."))
    user = _entering(invitation, password=password, by=by)
    if invitation.role is not None:
        user.groups.add(invitation.role)
    invitation.move_to(InvitationState.ACCEPTED)
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["state", "accepted_at", "accepted_by"])
    journal.record(Verb.INVITATION_ACCEPTED, invitation, by=user, user=user)
    return user


def opened_by(digest: str, *, at: datetime) -> Invitation | None:
    """Return the invitation that a digest opens now; none for whom access ended."""
    found = Invitation.objects.open(at=at).filter(digest=digest)
    invitation = found.select_related("role", "invited_by").first()
    if invitation is None or not may_enter(owner_of(invitation)):
        return None
    return invitation


def owner_of(invitation: Invitation) -> User | None:
    """Return whose account the invited address leads to, if there is one."""
    owner: User | None = User.objects.filter(email=invitation.email).first()
    return owner and owner.survivor


def may_enter(owner: User | None) -> bool:
    return owner is None or owner.is_active


def signs_in(owner: User | None) -> bool:
    """Say whether an account is in use, so that a link alone does not open it."""
    return owner is not None and bool(owner.has_usable_password() or owner.last_login)


def _entering(invitation: Invitation, *, password: str | None, by: User | None) -> User:
    owner = owner_of(invitation)
    if not may_enter(owner) or (by is not None and by == invitation.invited_by):
        raise InvitationOver(_("This invitation is no longer valid."))
    if by is not None or signs_in(owner):
        if owner is None or by != owner:
            raise SignInFirst(_("Sign in with the invited address first."))
        return owner
    if not password:
        raise SignInFirst(_("Choose a password."))
    if owner is None:
        return User.objects.create_user(invitation.email, invitation.name, password)
    owner.set_password(password)
    owner.save(update_fields=["password"])
    return owner


def _lock_pending(invitation: Invitation) -> Invitation:
    locked: Invitation = Invitation.objects.locked(invitation)
    if locked.state != InvitationState.PENDING:
        raise InvitationOver(_("This invitation is no longer valid."))
    return locked


def _write(invitation: Invitation, token: str, *, at: datetime) -> None:
    path = reverse("open_invitation", args=[token])
    context: dict[str, Any] = {
        "invitation": invitation,
        "link": f"{settings.PORTAL_URL}{path}",
    }
    mails.write(
        MAIL,
        to=invitation.email,
        about=invitation,
        slot=_slot(invitation),
        at=at,
        expires_at=invitation.expires_at,
        context=context,
        opens_something=True,
    )


def _slot(invitation: Invitation) -> str:
    """Tell the mail of one token from that of another."""
    return invitation.digest[:32]


@outbox.rechecked(MAIL)
def still_opens(message: Message, *, at: datetime) -> str:
    """Drop a mail that waited until its link opened nothing any more."""
    link = Invitation.objects.open(at=at).filter(digest__startswith=message.slot)
    opens = message.about_id in link.values_list("pk", flat=True)
    return "" if opens else "The link opens nothing any more."
