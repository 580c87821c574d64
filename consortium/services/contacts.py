"""People at a company: who they are, which roles they hold, and when they left."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.accounts.access import sign_out
from inm_portal.accounts.invitations import revoke_invitation
from inm_portal.accounts.models import InvitationState, User
from inm_portal.kernel import documents, journal
from inm_portal.kernel.bounces import note_given_up
from inm_portal.kernel.errors import Refusal

from ..models import (
    HELD_BY_ONE,
    Contact,
    ContactRole,
    FormerAddress,
    Organization,
    RoleAssignment,
)
from ..verbs import Verb
from .organizations import lock_organization
from .vacancies import ask_for_successors, note_successor


class EmailTaken(Refusal):
    code = "email_taken"
    field = "email"


class RoleTaken(Refusal):
    code = "role_taken"
    field = "role"


class ContactLeft(Refusal):
    code = "contact_left"


class SharedMailbox(Refusal):
    code = "shared_mailbox"
    field = "role"


class LeavesInFuture(Refusal):
    code = "leaves_in_future"
    field = "on"


class RoleEndsTooEarly(Refusal):
    code = "role_ends_too_early"
    field = "until_on"


@transaction.atomic
def add_contact(
    organization: Organization, *, on: date, by: User, **details: Any
) -> Contact:
    """
    Add a person at a company, whose details count as confirmed on that day.

    :raises EmailTaken: if a present contact of the company has that address.
    """
    organization = lock_organization(organization)
    _require_free_email(organization, details["email"])
    contact = Contact.objects.create(
        organization=organization, confirmed_on=on, **details
    )
    journal.record(Verb.CONTACT_ADDED, organization, by=by, contact=contact.pk)
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, *, on: date, by: User, version: int | None = None, **details: Any
) -> Contact:
    """
    Change a contact's details, which confirms them.

    :raises ContactLeft: after the person left.
    :raises EmailTaken: if another contact of the company has that address.
    :raises SharedMailbox: if a shared mailbox would hold more than billing, or
        say of itself that it is none.
    :raises EditConflict: if somebody changed them since ``version``.
    """
    contact = lock_contact(contact)
    email = details.get("email", contact.email)
    _require_free_email(contact.organization, email, other_than=contact)
    if details.get("is_shared_mailbox"):
        _require_billing_alone(contact, on=on)
    elif "is_shared_mailbox" in details:
        _require_somebody_else(contact, by=by)
    before = contact.email
    changed = contact.edit(version, **details, confirmed_on=on)
    if "email" in changed:
        FormerAddress.objects.create(contact=contact, email=before, until_on=on)
        withdraw_invitation(contact, by=by)
        note_given_up(before, at=timezone.now(), by=by)
    facts: dict[str, Any] = {"contact": contact.pk}
    if fields := sorted(set(changed) - {"confirmed_on"}):
        facts |= {"fields": fields}
    if changed:
        verb = Verb.CONTACT_CHANGED if fields else Verb.CONTACT_CONFIRMED
        journal.record(verb, contact.organization, by=by, **facts)
    return contact


@transaction.atomic
def confirm_contact(contact: Contact, *, on: date, by: User) -> Contact:
    """
    Record that a contact's details are right; they are asked again in 180 days.

    :raises ContactLeft: after the person left.
    """
    contact = lock_contact(contact)
    if contact.edit(None, confirmed_on=on):
        journal.record(
            Verb.CONTACT_CONFIRMED, contact.organization, by=by, contact=contact.pk
        )
    return contact


@transaction.atomic
def depart_contact(contact: Contact, *, on: date, today: date, by: User) -> Contact:
    """
    Record that a person left: roles, seats and access end that day, history stays.

    Who belongs nowhere else is signed out everywhere, tokens included.

    :raises ContactLeft: if they left before.
    :raises LeavesInFuture: if the day lies ahead.
    """
    contact = lock_contact(contact)
    if on > today:
        raise LeavesInFuture(_("Record a departure on its day, or later."))
    contact.edit(None, departed_on=on)
    withdraw_invitation(contact, by=by)
    held = contact.roles.lasting(after=on)
    vacated = list(held.order_by("role").values_list("role", flat=True))
    held.update(until_on=Greatest(F("from_on"), on))
    contact.sittings.lasting(after=on).update(until_on=Greatest(F("from_on"), on))
    ask_for_successors(contact.organization, vacated, on=today, by=by)
    note_given_up(contact.email, at=timezone.now(), by=by)
    journal.record(
        Verb.CONTACT_DEPARTED, contact.organization, by=by, contact=contact.pk, on=on
    )
    if contact.user is not None:
        _shut_out(contact.user, by=by)
    return contact


def _shut_out(user: User, *, by: User) -> None:
    """Let somebody who left a company take nothing more of it along."""
    documents.withdraw_results(user, at=timezone.now())
    if not belongs_somewhere(user):
        sign_out(user, by=by)


def belongs_somewhere(user: User) -> bool:
    """Say whether a person has a role at INM, or is still at some company."""
    at_company = Contact.objects.current().filter(user=user)
    return user.groups.exists() or at_company.exists()


@transaction.atomic
def assign_role(
    contact: Contact, *, role: ContactRole, from_on: date, by: User
) -> RoleAssignment:
    """
    Give a contact a role from a day on.

    :raises ContactLeft: after the person left.
    :raises SharedMailbox: for another role than billing of a shared mailbox.
    :raises RoleTaken: if they have it, or somebody else has it and only one may.
    """
    contact = lock_contact(contact)
    if contact.is_shared_mailbox and role != ContactRole.BILLING:
        raise SharedMailbox(_("A shared mailbox holds the billing role only."))
    overlapping = contact.organization.roles.filter(role=role).lasting(after=from_on)
    if overlapping.filter(contact=contact).exists():
        raise RoleTaken(_("This person holds that role already."))
    if role in HELD_BY_ONE and (taken := overlapping.select_related("contact").first()):
        raise RoleTaken(
            _("%(name)s holds this role; end it first.") % {"name": taken.contact}
        )
    assignment = RoleAssignment.objects.create(
        contact=contact, organization=contact.organization, role=role, from_on=from_on
    )
    note_successor(contact.organization, role, by=by)
    journal.record(
        Verb.ROLE_ASSIGNED,
        contact.organization,
        by=by,
        contact=contact.pk,
        role=role,
        from_on=from_on,
    )
    return assignment


@transaction.atomic
def end_role(assignment: RoleAssignment, *, until_on: date, by: User) -> RoleAssignment:
    """
    End a role: it is held up to that day, and no longer on it.

    :raises RoleEndsTooEarly: before it began, or when it has ended already.
    """
    lock_organization(assignment.organization)
    assignment = RoleAssignment.objects.select_related("organization").get(
        pk=assignment.pk
    )
    if assignment.until_on is not None and assignment.until_on <= until_on:
        raise RoleEndsTooEarly(_("This role has ended already."))
    if until_on < assignment.from_on:
        raise RoleEndsTooEarly(_("A role cannot end before it began."))
    assignment.until_on = until_on
    assignment.save(update_fields=["until_on"])
    journal.record(
        Verb.ROLE_ENDED,
        assignment.organization,
        by=by,
        contact=assignment.contact_id,
        role=assignment.role,
        until_on=until_on,
    )
    return assignment


def lock_contact(contact: Contact) -> Contact:
    """
    Hold the contact's company; return the contact as it is now.

    :raises ContactLeft: after the person left.
    """
    return lock_contacts(contact)[0]


def lock_contacts(*contacts: Contact) -> list[Contact]:
    """
    Hold the company of all these contacts; return each as it is now.

    :raises ContactLeft: if one of them left.
    """
    lock_organization(contacts[0].organization)
    rows = Contact.objects.select_related("organization", "invitation", "user")
    found = rows.in_bulk([contact.pk for contact in contacts])
    present = [found[contact.pk] for contact in contacts]
    if any(contact.departed_on is not None for contact in present):
        raise ContactLeft(_("This person has left the company."))
    return present


def withdraw_invitation(contact: Contact, *, by: User | None) -> None:
    """Revoke a contact's pending invitation: it was for another address, or time."""
    invitation = contact.invitation
    if invitation is not None and invitation.state == InvitationState.PENDING:
        revoke_invitation(invitation, by=by)


def _require_billing_alone(contact: Contact, *, on: date) -> None:
    others = contact.roles.lasting(after=on).exclude(role=ContactRole.BILLING)
    if others.exists():
        raise SharedMailbox(
            _("A shared mailbox holds the billing role only; end the others first."),
            field="is_shared_mailbox",
        )


def _require_somebody_else(contact: Contact, *, by: User | None) -> None:
    """Let nobody who signs in with a shared mailbox get round being asked who acts."""
    if contact.is_shared_mailbox and by is not None and contact.user_id == by.pk:
        raise SharedMailbox(
            _("Your sponsor or INM can say that nobody shares this mailbox any more."),
            field="is_shared_mailbox",
        )


def _require_free_email(
    organization: Organization, email: str, other_than: Contact | None = None
) -> None:
    others = Contact.objects.current().filter(
        organization=organization, email__iexact=email
    )
    if other_than is not None:
        others = others.exclude(pk=other_than.pk)
    if others.exists():
        raise EmailTaken(_("A contact of this company has this address."))
