"""Who may do what with the people of a company, and with their roles."""

from typing import Any

from django.db.models import Q

from inm_portal.accounts.mailboxes import shared_if
from inm_portal.accounts.models import InvitationState
from inm_portal.kernel.permissions import permission, staff, staff_or
from inm_portal.kernel.privacy import ERASED

from ..ties import OfMailbox, companies_of, sponsored_by


@permission("consortium.view_contact")
def view_contact(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_contact",
        lambda: Q(organization__in=companies_of(user), departed_on=None),
    )


@permission("consortium.change_contact")
def change_contact(user: Any) -> Q:
    """Staff, the sponsor of the company, and the person."""
    return Q(departed_on=None) & staff_or(
        user,
        "consortium.change_contact",
        lambda: Q(user=user) | Q(organization__in=sponsored_by(user)),
    )


permission("consortium.confirm_contact")(change_contact)


@permission("consortium.depart_contact")
@permission("consortium.merge_contact")
def depart_contact(user: Any) -> Q:
    return Q(departed_on=None) & staff("consortium.change_contact")(user)


@permission("consortium.invite_contact")
def invite_contact(user: Any) -> Q:
    """Staff, for somebody present who neither signs in nor has an invitation."""
    not_invited = Q(invitation=None) | ~Q(invitation__state=InvitationState.PENDING)
    waits = Q(departed_on=None, user=None) & not_invited
    return waits & staff("accounts.add_invitation")(user)


@permission("consortium.hand_out_contact")
def hand_out_contact(user: Any) -> Q:
    """Of those without an account; who has one is handed out as a person."""
    return Q(user=None) & staff("accounts.add_erasure")(user)


@permission("consortium.erase_contact")
def erase_contact(user: Any) -> Q:
    is_erased = Q(email__endswith=ERASED)
    return Q(user=None) & ~is_erased & staff("accounts.add_erasure")(user)


@permission("consortium.assign_role_contact")
def assign_role_contact(user: Any) -> Q:
    return Q(departed_on=None) & staff("consortium.add_roleassignment")(user)


@permission("consortium.view_roleassignment")
def view_roleassignment(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_contact",
        lambda: Q(organization__in=companies_of(user), contact__departed_on=None),
    )


permission("consortium.end_roleassignment")(staff("consortium.add_roleassignment"))

shared_if(OfMailbox)
