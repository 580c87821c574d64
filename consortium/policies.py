"""Who may do what with members, contacts and agreements."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.mailboxes import shared_if
from inm_portal.accounts.models import InvitationState
from inm_portal.accounts.roles import ADMIN, AUDITOR, DIRECTOR, FINANCE, PROGRAM_STAFF
from inm_portal.kernel.delegation import Scope, companions, register
from inm_portal.kernel.models import undoable
from inm_portal.kernel.permissions import permission, staff, staff_or
from inm_portal.kernel.privacy import ERASED

from .models import SEES_COMMITMENT, Contact, ContactRole, RoleAssignment
from .states import AgreementState

VIEW = [
    "view_organization",
    "view_contact",
    "view_agreement",
    "view_commitmentyear",
]
PEOPLE = ["add_contact", "change_contact", "add_roleassignment"]
CARE = [
    *["add_organization", "change_organization", "add_site"],
    *PEOPLE,
    *["add_agreement", "change_agreement", "sign_agreement"],
]

#: What each role may do with the consortium's models.
ROLES = {
    DIRECTOR: [*VIEW, *CARE, "waive_agreement"],
    PROGRAM_STAFF: [*VIEW, *CARE],
    FINANCE: VIEW,
    ADMIN: [*VIEW, *PEOPLE],
    AUDITOR: VIEW,
}


def companies_of(user: Any) -> QuerySet:
    """Return the keys of the organizations where ``user`` is a contact now."""
    contacts = Contact.objects.current().filter(user=user)
    return of_both(user, contacts).values("organization")


def of_both(user: Any, rows: Any) -> Any:
    """Keep, of who acts for ``user``, the rows of companies where both are."""
    if user.delegate is None:
        return rows
    return rows.filter(organization__in=companies_of(user.delegate))


def companies_with_role(user: Any, roles: list[ContactRole]) -> QuerySet:
    """Return the keys of those where ``user`` holds one of ``roles`` today."""
    held = RoleAssignment.objects.held(on=timezone.localdate()).filter(
        role__in=roles, contact__user=user, contact__departed_on=None
    )
    return of_both(user, held).values("organization")


def sponsored_by(user: Any) -> QuerySet:
    """Return the keys of those whose executive sponsor ``user`` is today."""
    return companies_with_role(user, [ContactRole.SPONSOR])


def companies_that_tell(user: Any) -> QuerySet:
    """Return the keys of those that let ``user`` see what they committed."""
    return companies_with_role(user, SEES_COMMITMENT)


@permission("consortium.view_organization")
def view_organization(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_organization",
        lambda: Q(pk__in=companies_of(user)),
    )


permission("consortium.change_organization")(staff("consortium.change_organization"))
permission("consortium.rename_organization")(staff("consortium.change_organization"))
permission("consortium.add_site_organization")(staff("consortium.add_site"))
permission("consortium.add_contact_organization")(staff("consortium.add_contact"))
permission("consortium.draft_agreement_organization")(staff("consortium.add_agreement"))


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


permission("consortium.view_contactmerge")(staff("consortium.view_contact"))


@permission("consortium.undo_contactmerge")
def undo_contactmerge(user: Any) -> Q:
    return undoable() & staff("consortium.change_contact")(user)


@permission("consortium.view_agreement")
def view_agreement(user: Any) -> Q:
    """Staff see drafts too; the company sees what was executed."""
    return staff_or(
        user,
        "consortium.view_agreement",
        lambda: (
            ~Q(state=AgreementState.DRAFT)
            & Q(organization__in=companies_that_tell(user))
        ),
    )


@permission("consortium.change_agreement")
def change_agreement(user: Any) -> Q:
    return Q(state=AgreementState.DRAFT) & staff("consortium.change_agreement")(user)


permission("consortium.attach_agreement")(staff("consortium.change_agreement"))
permission("consortium.sign_agreement")(staff("consortium.sign_agreement"))
permission("consortium.waive_agreement")(staff("consortium.waive_agreement"))


@permission("consortium.view_commitmentyear")
def view_commitmentyear(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_commitmentyear",
        lambda: Q(agreement__organization__in=companies_that_tell(user)),
    )


shared_if(Q(contacts__is_shared_mailbox=True, contacts__departed_on=None))


@companions
def colleagues(user: Any) -> Q:
    """Whoever is at a company where ``user`` is now may stand in for them."""
    return Q(contacts__organization__in=companies_of(user), contacts__departed_on=None)


SEEING = frozenset(
    f"consortium.view_{model}"
    for model in ("organization", "contact", "roleassignment")
)

register(
    Scope("consortium.company", _("See the company and its people"), SEEING),
    Scope(
        "consortium.contacts",
        _("Keep contacts up to date"),
        SEEING | {"consortium.change_contact", "consortium.confirm_contact"},
    ),
    Scope(
        "consortium.commitment",
        _("See agreements and what is committed"),
        SEEING | {"consortium.view_agreement", "consortium.view_commitmentyear"},
    ),
)
