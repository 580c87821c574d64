"""Who may do what with members, contacts and agreements."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.models import InvitationState
from inm_portal.accounts.roles import ADMIN, AUDITOR, DIRECTOR, FINANCE, PROGRAM_STAFF
from inm_portal.kernel.delegation import Scope, companions, register
from inm_portal.kernel.permissions import (
    ANYONE,
    NOBODY,
    permission,
    staff,
    staff_or,
)

from .models import (
    SEES_COMMITMENT,
    Contact,
    ContactMerge,
    ContactRole,
    ExceptionKind,
    LinkKind,
    Organization,
    OrganizationLink,
    RoleAssignment,
)
from .states import AgreementState, AmendmentState

VIEW = [
    "view_organization",
    "view_contact",
    "view_agreement",
    "view_commitmentyear",
    "view_amendment",
    "view_organizationlink",
    "view_agreementexception",
]
PEOPLE = ["add_contact", "change_contact", "add_roleassignment"]
CARE = [
    *["add_organization", "change_organization", "add_site"],
    *["add_organizationlink", "change_organizationlink"],
    *PEOPLE,
    *["add_agreement", "change_agreement", "sign_agreement"],
    *["add_amendment", "change_amendment", "sign_amendment"],
]

#: A hit is for directors, and for whoever else is given these rights.
SCREENING = ["view_screening", "add_screening"]

#: What each role may do with the consortium's models.
ROLES = {
    DIRECTOR: [*VIEW, *CARE, "waive_agreement", *SCREENING],
    PROGRAM_STAFF: [*VIEW, *CARE],
    FINANCE: VIEW,
    ADMIN: [*VIEW, *PEOPLE],
    AUDITOR: VIEW,
}


def companies_of(user: Any) -> QuerySet:
    """Return the keys of the organizations where ``user`` is a contact now."""
    return Contact.objects.current().filter(user=user).values("organization")


def companies_with_role(user: Any, roles: list[ContactRole]) -> QuerySet:
    """Return the keys of those where ``user`` holds one of ``roles`` today."""
    return (
        RoleAssignment.objects.held(on=timezone.localdate())
        .filter(role__in=roles, contact__user=user, contact__departed_on=None)
        .values("organization")
    )


def sponsored_by(user: Any) -> QuerySet:
    """Return the keys of those whose executive sponsor ``user`` is today."""
    return companies_with_role(user, [ContactRole.SPONSOR])


def companies_that_tell(user: Any) -> QuerySet:
    """
    Return the keys of those that let ``user`` see what they committed.

    So do those that merged into one of them, once that was opened (case 2).
    """
    own = Q(pk__in=companies_with_role(user, SEES_COMMITMENT))
    merged = OrganizationLink.objects.mergers().filter(
        history_open_on__isnull=False,
        other__in=companies_with_role(user, SEES_COMMITMENT),
    )
    told = own | Q(pk__in=merged.values("organization"))
    return Organization.objects.filter(told).values("pk")


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


permission("consortium.link_parent_organization")(
    staff("consortium.add_organizationlink")
)
permission("consortium.merge_organization")(staff("consortium.add_organizationlink"))
permission("consortium.spin_off_organization")(staff("consortium.add_organizationlink"))


@permission("consortium.view_organizationlink")
def view_organizationlink(user: Any) -> Q:
    """The company sees to whom it belongs; a survivor, once the history is open."""
    return staff_or(
        user,
        "consortium.view_organizationlink",
        lambda: (
            Q(organization__in=companies_of(user))
            | Q(other__in=companies_of(user), history_open_on__isnull=False)
        ),
    )


@permission("consortium.open_history_organizationlink")
def open_history_organizationlink(user: Any) -> Q:
    is_closed = Q(kind=LinkKind.MERGED, history_open_on=None)
    return is_closed & staff("consortium.change_organizationlink")(user)


@permission("consortium.view_agreementexception")
def view_agreementexception(user: Any) -> Q:
    """Staff see all of them but holds, which are for those who see a hit."""
    if not user.has_perm("consortium.view_agreementexception"):
        return NOBODY
    if user.has_perm("consortium.view_screening"):
        return ANYONE
    return ~Q(kind=ExceptionKind.SCREENING_HOLD)


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
    since = timezone.now() - ContactMerge.UNDO_WITHIN
    recent = Q(undone_at=None, merged_at__gte=since)
    return recent & staff("consortium.change_contact")(user)


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


permission("consortium.add_deviation_agreement")(change_agreement)


@permission("consortium.view_deviation")
def view_deviation(user: Any) -> Q:
    """Whoever sees the agreement sees where it differs."""
    return staff_or(
        user,
        "consortium.view_agreement",
        lambda: (
            ~Q(agreement__state=AgreementState.DRAFT)
            & Q(agreement__organization__in=companies_that_tell(user))
        ),
    )


@permission("consortium.remove_deviation")
def remove_deviation(user: Any) -> Q:
    is_draft = Q(agreement__state=AgreementState.DRAFT)
    return is_draft & staff("consortium.change_agreement")(user)


permission("consortium.view_screening")(staff("consortium.view_screening"))
permission("consortium.screen_organization")(staff("consortium.add_screening"))

permission("consortium.attach_agreement")(staff("consortium.change_agreement"))
permission("consortium.sign_agreement")(staff("consortium.sign_agreement"))
permission("consortium.waive_agreement")(staff("consortium.waive_agreement"))


@permission("consortium.amend_agreement")
def amend_agreement(user: Any) -> Q:
    return Q(state=AgreementState.SIGNED) & staff("consortium.add_amendment")(user)


@permission("consortium.view_amendment")
@permission("consortium.preview_amendment")
def view_amendment(user: Any) -> Q:
    """Staff see drafts too; the company sees what was signed."""
    return staff_or(
        user,
        "consortium.view_amendment",
        lambda: (
            Q(state=AmendmentState.SIGNED)
            & Q(agreement__organization__in=companies_that_tell(user))
        ),
    )


@permission("consortium.change_amendment")
@permission("consortium.abandon_amendment")
def change_amendment(user: Any) -> Q:
    return Q(state=AmendmentState.DRAFT) & staff("consortium.change_amendment")(user)


permission("consortium.sign_amendment")(staff("consortium.sign_amendment"))
permission("consortium.waive_amendment")(staff("consortium.waive_agreement"))


@permission("consortium.view_commitmentyear")
def view_commitmentyear(user: Any) -> Q:
    return staff_or(
        user,
        "consortium.view_commitmentyear",
        lambda: Q(agreement__organization__in=companies_that_tell(user)),
    )


@companions
def colleagues(user: Any) -> Q:
    """Whoever is at a company where ``user`` is now may stand in for them."""
    return Q(contacts__organization__in=companies_of(user), contacts__departed_on=None)


SEEING = frozenset(
    f"consortium.view_{model}"
    for model in ("organization", "contact", "roleassignment")
)

#: The same with every part of an agreement.
SEEING_AGREEMENTS = frozenset(
    f"consortium.view_{model}"
    for model in ("agreement", "deviation", "amendment", "commitmentyear")
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
        SEEING | SEEING_AGREEMENTS,
    ),
)
