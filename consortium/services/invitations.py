"""Invite the people of a company, and let them in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts import invitations
from inm_portal.accounts.invitations import AlreadyInvited, InvitationOver
from inm_portal.accounts.models import (
    Invitation,
    InvitationKind,
    InvitationState,
    User,
)
from inm_portal.kernel.errors import Refusal

from ..models import Contact
from .contacts import ContactLeft, lock_contact
from .screenings import OnHold, require_no_hold


class SignsInAlready(Refusal):
    code = "signs_in_already"


@transaction.atomic
def invite_contact(contact: Contact, *, at: datetime, by: User) -> Contact:
    """
    Invite a contact, at the address and in the roles that they have here.

    :raises ContactLeft: after the person left.
    :raises SignsInAlready: if they have an account.
    :raises AlreadyInvited: if they have an invitation that was not answered.
    :raises OnHold: if a hit of the screening of their company was not cleared.
    """
    contact = lock_contact(contact)
    require_no_hold(contact.organization)
    if contact.user_id is not None:
        raise SignsInAlready(_("This person signs in already."))
    if contact.invitation and contact.invitation.state == InvitationState.PENDING:
        raise AlreadyInvited(_("This person has an invitation; send that one again."))
    contact.invitation = invitations.invite(
        contact.email,
        contact.name,
        kind=InvitationKind.COMPANY,
        place=contact.organization.name,
        at=at,
        by=by,
    )
    contact.save(update_fields=["invitation"])
    return contact


@transaction.atomic
def resend_invitation(
    invitation: Invitation, *, at: datetime, by: User | None
) -> Invitation:
    """
    Send a new link, to the contact of a company or to anybody else.

    :raises InvitationOver: once it was accepted or revoked.
    :raises OnHold: if a hit of the screening of their company was not cleared.
    """
    contacts = Contact.objects.select_related("organization")
    if contact := contacts.filter(invitation=invitation).first():
        require_no_hold(contact.organization)
    return invitations.resend_invitation(invitation, at=at, by=by)


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    digest: str,
    at: datetime,
    password: str | None,
    by: User | None,
) -> User:
    """
    Let somebody in by a link, to the company of their contact if it is for one.

    :raises InvitationOver: if the link opens nothing any more.
    :raises SignInFirst: if the address has an account, and ``by`` is not its owner.
    """
    contact = _lock_invited(invitation)
    user = invitations.accept(
        invitation, digest=digest, at=at, password=password, by=by
    )
    if contact is not None:
        if contact.organization.contacts.current().filter(user=user).exists():
            raise InvitationOver(_("You belong to this company already."))
        contact.user = user
        contact.save(update_fields=["user"])
    return user


def _lock_invited(invitation: Invitation) -> Contact | None:
    """
    :raises InvitationOver: if there was a contact who is not invited any more.
    """
    if invitation.kind != InvitationKind.COMPANY:
        return None
    contact = Contact.objects.filter(invitation=invitation).first()
    try:
        contact = contact and lock_contact(contact)
        if contact is not None:
            require_no_hold(contact.organization)
    except (ContactLeft, OnHold):
        contact = None
    if contact is None or contact.invitation_id != invitation.pk or contact.user_id:
        raise InvitationOver(_("This invitation is no longer valid."))
    return contact
