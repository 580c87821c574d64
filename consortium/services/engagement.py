"""Write down what was spoken with members, correct it, and follow it up."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns
from inm_portal.kernel.models import Task
from inm_portal.kernel.tasklist import open_task

from ..models import (
    Contact,
    FacultyMember,
    FollowUp,
    Interaction,
    Organization,
    Participant,
)
from ..verbs import Verb
from .organizations import lock_organization
from .two_people import require_reason

FOLLOW_UP = "consortium.follow_up"


class FacultyKnown(Refusal):
    code = "faculty_known"
    field = "email"


class HeldAhead(Refusal):
    code = "held_ahead"
    field = "held_on"


class NotItsContact(Refusal):
    code = "not_its_contact"
    field = "contacts"


class SpokeToNobody(Refusal):
    code = "spoke_to_nobody"
    field = "contacts"


class NoLongerStands(Refusal):
    code = "no_longer_stands"


class FollowedByNobody(Refusal):
    code = "followed_by_nobody"
    field = "owner"


class DueBefore(Refusal):
    code = "due_before"
    field = "due_on"


class StillOpen(Refusal):
    code = "still_open"


@transaction.atomic
def add_faculty(
    *, name: str, email: str, department: str, by: User | None
) -> FacultyMember:
    """
    Add somebody of the faculty, who can then be named as having taken part.

    :raises FacultyKnown: if somebody has that address.
    """
    take_turns("faculty addresses")
    if FacultyMember.objects.filter(email__iexact=email).exists():
        raise FacultyKnown(_("Somebody of the faculty has this address."))
    row = FacultyMember.objects.create(name=name, email=email, department=department)
    journal.record(Verb.FACULTY_ADDED, row, by=by)
    return row


@transaction.atomic
def record_interaction(
    organization: Organization,
    *,
    kind: str,
    held_on: date,
    summary: str,
    today: date,
    at: datetime,
    by: User | None,
    is_shared: bool = False,
    contacts: Collection[Contact] = (),
    faculty: Collection[FacultyMember] = (),
    people: Collection[User] = (),
) -> Interaction:
    """
    Write down what was spoken with a member.

    :raises HeldAhead: if the day lies ahead.
    :raises SpokeToNobody: if nobody of the member is named.
    :raises NotItsContact: if a contact is of another company.
    """
    organization = lock_organization(organization)
    told = {"kind": kind, "held_on": held_on, "summary": summary}
    took_part = {"contacts": contacts, "faculty": faculty, "people": people}
    _require_told(organization, contacts, held_on, today=today)
    row = _keep(organization, took_part, **told, is_shared=is_shared, at=at, by=by)
    facts = {"interaction": row.pk, "kind": kind, "shared": is_shared}
    journal.record(Verb.INTERACTION_RECORDED, organization, by=by, **facts)
    return row


@transaction.atomic
def correct_interaction(
    interaction: Interaction,
    *,
    reason: str,
    kind: str,
    held_on: date,
    summary: str,
    today: date,
    at: datetime,
    by: User | None,
    is_shared: bool = False,
    contacts: Collection[Contact] = (),
    faculty: Collection[FacultyMember] = (),
    people: Collection[User] = (),
) -> Interaction:
    """
    Put another account of it in its place; what was written stays to be read at INM.

    :raises SaysNoReason: without a reason.
    :raises NoLongerStands: if it was corrected or taken back.
    :raises HeldAhead: if the day lies ahead.
    :raises SpokeToNobody: if nobody of the member is named.
    :raises NotItsContact: if a contact is of another company.
    """
    organization = lock_organization(interaction.organization)
    require_reason(reason)
    _require_standing(interaction)
    told = {"kind": kind, "held_on": held_on, "summary": summary}
    took_part = {"contacts": contacts, "faculty": faculty, "people": people}
    _require_told(organization, contacts, held_on, today=today)
    row = _keep(
        organization,
        took_part,
        **told,
        is_shared=is_shared,
        corrects=interaction,
        first=interaction.first or interaction,
        correction_reason=reason,
        at=at,
        by=by,
    )
    facts = {"interaction": row.pk, "corrects": interaction.pk, "shared": is_shared}
    journal.record(Verb.INTERACTION_CORRECTED, organization, by=by, **facts)
    return row


@transaction.atomic
def take_back_interaction(
    interaction: Interaction, *, reason: str, at: datetime, by: User | None
) -> Interaction:
    """
    Say that it was written down by mistake.

    :raises SaysNoReason: without a reason.
    :raises NoLongerStands: if it was corrected or taken back.
    """
    organization = lock_organization(interaction.organization)
    require_reason(reason)
    _require_standing(interaction)
    row = Interaction.objects.create(
        organization=organization,
        kind=interaction.kind,
        held_on=interaction.held_on,
        summary=interaction.summary,
        corrects=interaction,
        first=interaction.first or interaction,
        correction_reason=reason,
        is_taken_back=True,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"interaction": interaction.pk}
    journal.record(Verb.INTERACTION_TAKEN_BACK, organization, by=by, **facts)
    return row


@transaction.atomic
def follow_up(
    interaction: Interaction,
    *,
    what: str,
    owner: User,
    due_on: date,
    today: date,
    at: datetime,
    by: User | None,
) -> FollowUp:
    """
    Ask somebody at INM to do something after an interaction.

    :raises NoLongerStands: if it was corrected or taken back.
    :raises FollowedByNobody: if the owner has no role at INM.
    :raises DueBefore: if the day is over.
    """
    lock_organization(interaction.organization)
    _require_standing(interaction)
    row = FollowUp.objects.create(
        interaction=interaction, what=what, recorded_by=by, recorded_at=at
    )
    _ask(row, owner=owner, due_on=due_on, today=today, by=by)
    return row


@transaction.atomic
def reopen_follow_up(
    row: FollowUp, *, owner: User, due_on: date, today: date, by: User | None
) -> Task:
    """
    Ask again for what was said to be done.

    :raises StillOpen: if it waits to be done.
    :raises FollowedByNobody: if the owner has no role at INM.
    :raises DueBefore: if the day is over.
    """
    lock_organization(row.interaction.organization)
    if tasks_of(row.interaction).open().filter(subject_id=row.pk).exists():
        raise StillOpen(_("This waits to be done."))
    return _ask(row, owner=owner, due_on=due_on, today=today, by=by)


def tasks_of(interaction: Interaction) -> Any:
    """Return the tasks of what follows of it, whatever account, the first one first."""
    keys = FollowUp.objects.filter(interaction.of_it_all).values("pk")
    label = FollowUp._meta.label_lower
    about = {"kind": FOLLOW_UP, "subject_type": label, "subject_id__in": keys}
    return Task.objects.filter(**about).order_by("pk")


def _ask(
    row: FollowUp, *, owner: User, due_on: date, today: date, by: User | None
) -> Task:
    if not User.objects.at_inm().filter(pk=owner.pk).exists():
        raise FollowedByNobody(_("The owner is somebody with a role at INM."))
    if due_on < today:
        raise DueBefore(_("Choose today, or a day to come."))
    spoken = row.interaction
    return open_task(
        FOLLOW_UP,
        row,
        what=row.what,
        why=_("It follows of: %(what)s.") % {"what": spoken},
        due_on=due_on,
        person=owner,
        url=spoken.get_absolute_url(),
        by=by,
    )


def _require_standing(interaction: Interaction) -> None:
    if not Interaction.objects.standing().filter(pk=interaction.pk).exists():
        raise NoLongerStands(_("This was corrected, or taken back, already."))


def _require_told(
    organization: Organization,
    contacts: Collection[Contact],
    held_on: date,
    *,
    today: date,
) -> None:
    if held_on > today:
        raise HeldAhead(_("Choose a day that is not ahead."))
    if not contacts:
        raise SpokeToNobody(_("Name at least one person of the member."))
    if any(one.organization_id != organization.pk for one in contacts):
        raise NotItsContact(_("Name people of this member."))


def _keep(
    organization: Organization,
    took_part: dict[str, Collection[Any]],
    *,
    at: datetime,
    by: User | None,
    **told: Any,
) -> Interaction:
    row = Interaction.objects.create(
        organization=organization, recorded_by=by, recorded_at=at, **told
    )
    fields = {"contacts": "contact", "faculty": "faculty", "people": "person"}
    named = [
        Participant(interaction=row, **{fields[who]: one})
        for who, several in took_part.items()
        for one in several
    ]
    Participant.objects.bulk_create(named)
    return row
