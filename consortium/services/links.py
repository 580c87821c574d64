"""Record that companies belong together, merge, or part."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.tasklist import finish_about, open_task
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    Contact,
    ContactRole,
    LinkKind,
    Organization,
    OrganizationLink,
    RoleAssignment,
)
from ..verbs import Verb
from .contacts import add_contact, assign_role, depart_contact
from .organizations import (
    add_organization,
    lock_organization,
    lock_organizations,
    rename_organization,
)

#: Tasks that a link opens, and how long somebody has for them.
ASSIGNMENT_CLAUSE = "consortium.assignment_clause"
SEATS_AFTER_MERGER = "consortium.seats_after_merger"
WITHIN = timedelta(days=14)


class LinkedToItself(Refusal):
    code = "linked_to_itself"
    field = "other"


class LinkedAlready(Refusal):
    code = "linked_already"
    field = "other"


class LinkedInFuture(Refusal):
    code = "linked_in_future"
    field = "from_on"


class NotAMerger(Refusal):
    code = "not_a_merger"


class OfAnotherCompany(Refusal):
    code = "of_another_company"
    field = "contacts"


@transaction.atomic
def link_parent(
    organization: Organization,
    *,
    other: Organization,
    from_on: date,
    today: date,
    by: User,
) -> OrganizationLink:
    """
    Record that a company belongs to another; an earlier parent ends on that day.

    Nothing else changes: people of the parent see nothing. Somebody at INM is
    asked to look at the assignment clause.

    :raises LinkedToItself: if both are the same.
    :raises LinkedInFuture: if the day lies ahead.
    :raises LinkedAlready: if that is its parent already, or came later.
    """
    link = _link(organization, LinkKind.PARENT, other, from_on, today)
    _ask(
        *(ASSIGNMENT_CLAUSE, organization),
        what=_("Check the assignment clause of %(company)s"),
        why=_("%(company)s belongs to %(other)s since %(day)s."),
        link=link,
        due_on=today + WITHIN,
        by=by,
    )
    facts = {"other": other.pk, "from_on": from_on}
    journal.record(Verb.PARENT_LINKED, organization, by=by, **facts)
    return link


@transaction.atomic
def record_merger(
    organization: Organization,
    *,
    other: Organization,
    from_on: date,
    today: date,
    by: User,
) -> OrganizationLink:
    """
    Record that a company merged into another, which stays.

    Both agreements stay as they are until amended. Somebody at INM is asked to
    settle the seats of both from the survivor's next agreement year on.

    :raises LinkedToItself: if both are the same.
    :raises LinkedInFuture: if the day lies ahead.
    :raises LinkedAlready: if it merged before.
    """
    link = _link(organization, LinkKind.MERGED, other, from_on, today)
    reduction = OrganizationLink.objects.with_reduction().get(pk=link.pk)
    _ask(
        *(SEATS_AFTER_MERGER, organization),
        what=_("Settle the seats and votes of %(other)s and %(company)s"),
        why=_(
            "%(company)s merged into %(other)s on %(day)s. One council seat is left "
            "from then on, unless a director keeps two."
        ),
        link=link,
        due_on=reduction.reduce_on or today + WITHIN,
        by=by,
    )
    facts = {"other": other.pk, "from_on": from_on}
    journal.record(Verb.MERGER_RECORDED, organization, by=by, **facts)
    return link


def seats_settled(organization: Organization, *, at: datetime, by: User | None) -> None:
    """Finish what was asked about the seats of a company and of who it merged with."""
    for link in OrganizationLink.objects.mergers().of(organization):
        merged, outcome = link.organization, _("A seat was ended.")
        finish_about(SEATS_AFTER_MERGER, merged, outcome=outcome, at=at, by=by)


@transaction.atomic
def open_history(link: OrganizationLink, *, today: date, by: User) -> OrganizationLink:
    """
    Let the survivor of a merger see the agreements of who merged into it.

    For when the lawyers confirmed it.

    :raises NotAMerger: if nothing merged, or the history is open already.
    """
    lock_organization(link.organization)
    link = OrganizationLink.objects.select_related("organization").get(pk=link.pk)
    if link.kind != LinkKind.MERGED or link.history_open_on:
        raise NotAMerger(_("There is no history of a merger left to open."))
    link.history_open_on = today
    link.save(update_fields=["history_open_on"])
    facts = {"other": link.other_id}
    journal.record(Verb.HISTORY_OPENED, link.organization, by=by, **facts)
    return link


@transaction.atomic
def record_spin_off(
    organization: Organization,
    *,
    name: str,
    legal_name: str,
    rest_name: str,
    rest_legal_name: str,
    from_on: date,
    contacts: Sequence[Contact],
    today: date,
    by: User,
) -> Organization:
    """
    Part a member from the rest of its company; return the rest, a new company.

    The member stays the legal entity that signed, under its name from that day
    on: agreements, what they asked for and what was invoiced stay with it. The
    chosen contacts go to the rest with their roles.

    :raises OfAnotherCompany: if a contact is not of this member, or left it.

    Else refuses what `rename_organization` and `add_organization` refuse.
    """
    organization = lock_organization(organization)
    present = Contact.objects.current().filter(organization=organization)
    chosen = list(
        present.filter(pk__in=[c.pk for c in contacts]).select_related("user")
    )
    if len(chosen) != len({contact.pk for contact in contacts}):
        raise OfAnotherCompany(_("Choose people who are at this company now."))
    if (name, legal_name) != (organization.name, organization.legal_name):
        organization = rename_organization(
            organization,
            name=name,
            legal_name=legal_name,
            from_on=from_on,
            today=today,
            by=by,
        )
    rest = add_organization(
        name=rest_name,
        legal_name=rest_legal_name,
        named_since_on=from_on,
        sector=organization.sector,
        today=today,
        by=by,
    )
    for contact in chosen:
        _move(contact, rest, on=from_on, today=today, by=by)
    OrganizationLink.objects.create(
        organization=organization, kind=LinkKind.SPUN_OFF, other=rest, from_on=from_on
    )
    facts = {"other": rest.pk, "from_on": from_on, "contacts": len(chosen)}
    journal.record(Verb.SPIN_OFF_RECORDED, organization, by=by, **facts)
    return rest


def _link(
    organization: Organization,
    kind: LinkKind,
    other: Organization,
    from_on: date,
    today: date,
) -> OrganizationLink:
    if organization.pk == other.pk:
        raise LinkedToItself(_("Choose another company."))
    if from_on > today:
        raise LinkedInFuture(_("Record it on the day from which it holds."))
    lock_organizations(organization, other)
    of_kind = OrganizationLink.objects.present().filter(kind=kind)
    before = of_kind.filter(organization=organization).first()
    if before is not None:
        is_later = kind == LinkKind.PARENT and before.from_on <= from_on
        if before.other_id == other.pk or not is_later:
            raise LinkedAlready(_("That is recorded already, or something later is."))
        before.until_on = from_on
        before.save(update_fields=["until_on"])
    return OrganizationLink.objects.create(
        organization=organization, kind=kind, other=other, from_on=from_on
    )


def _ask(
    kind: str,
    organization: Organization,
    *,
    what: str,
    why: str,
    link: OrganizationLink,
    due_on: date,
    by: User,
) -> None:
    facts = {
        "company": organization.name[:60],
        "other": link.other.name[:60],
        "day": written_day(link.from_on),
    }
    open_task(
        kind,
        organization,
        what=what % facts,
        why=why % facts,
        due_on=due_on,
        url=organization.get_absolute_url(),
        person=organization.owner,
        by=by,
    )


def _move(
    contact: Contact, rest: Organization, *, on: date, today: date, by: User
) -> None:
    """Let a contact leave one company and be at the other, in the same roles."""
    held = RoleAssignment.objects.held(on=on).filter(contact=contact)
    roles = [ContactRole(role) for role in held.values_list("role", flat=True)]
    moved = add_contact(
        rest,
        name=contact.name,
        email=contact.email,
        job_title=contact.job_title,
        phone=contact.phone,
        is_shared_mailbox=contact.is_shared_mailbox,
        user=contact.user,
        on=on,
        by=by,
    )
    depart_contact(contact, on=on, today=today, by=by)
    for role in roles:
        assign_role(moved, role=role, from_on=on, by=by)
