"""Make two contacts of one person one, and take that back."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.access import sign_out
from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import (
    Contact,
    ContactMerge,
    FormerAddress,
    MergedRole,
    ReminderCopy,
    RoleAssignment,
    Sitting,
)
from ..ties import words_of_both
from ..verbs import Verb
from .contacts import (
    belongs_somewhere,
    lock_contact,
    lock_contacts,
    withdraw_invitation,
)


class CannotMerge(Refusal):
    code = "cannot_merge"


@transaction.atomic
def merge_contacts(
    survivor: Contact,
    *,
    merged: Contact,
    take: Collection[str] = (),
    at: datetime,
    today: date,
    by: User | None,
) -> ContactMerge:
    """
    Let one contact of a company take another's place, roles, account and past.

    ``take`` names the fields whose value is that of the contact that goes; the
    address that does not win is kept as a former one.

    :raises ContactLeft: if one of them left.
    :raises CannotMerge: if they are the same, of two companies, or sit on one body.
    """
    if survivor == merged or survivor.organization_id != merged.organization_id:
        raise CannotMerge(_("Choose another contact of the same company."))
    survivor, merged = lock_contacts(survivor, merged)
    _require_seats_apart(survivor, merged, today=today)
    merge = ContactMerge.objects.create(
        survivor=survivor,
        merged=merged,
        **{field: getattr(survivor, field) for field in ContactMerge.FIELDS},
        took_account=survivor.user_id is None and merged.user_id is not None,
        took_reminders=_hand_on_reminders(merged, survivor),
        merged_at=at,
        merged_by=by,
    )
    withdraw_invitation(merged, by=by)
    merged.edit(None, departed_on=today, merged_into=survivor)
    _take_over(merge, take, today=today, by=by)
    for assignment in merged.roles.all():
        _move_role(merge, assignment, today=today)
    journal.record(
        Verb.CONTACTS_MERGED,
        survivor.organization,
        by=by,
        contact=survivor.pk,
        merged=merged.pk,
    )
    if merged.user and not merge.took_account and not belongs_somewhere(merged.user):
        sign_out(merged.user, by=by)
    return merge


@transaction.atomic
def undo_contact_merge(
    merge: ContactMerge, *, at: datetime, by: User | None
) -> ContactMerge:
    """
    Part two contacts again: what was taken goes back, where nobody changed it since.

    :raises TooLateToUndo: after 30 days, or when it was done.
    :raises ContactLeft: if the contact that stayed has left since.
    :raises CannotMerge: if an address or a role has another holder by now.
    """
    survivor = lock_contact(merge.survivor)
    merge = ContactMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    merged = Contact.objects.get(pk=merge.merged_id)
    merge.require_undoable(at=at)
    try:
        with transaction.atomic():
            _give_back(merge, survivor, merged)
    except IntegrityError:
        raise CannotMerge(
            _("Somebody else has the address or a role by now; mend that first.")
        ) from None
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    journal.record(
        Verb.CONTACTS_PARTED,
        survivor.organization,
        by=by,
        contact=survivor.pk,
        merged=merged.pk,
    )
    return merge


def _require_seats_apart(survivor: Contact, merged: Contact, *, today: date) -> None:
    """Refuse that one person holds a seat and is an alternate of the same body."""
    lasting: Any = Sitting.objects.lasting(after=today)
    if both := lasting.of_contact(survivor).beside(lasting.of_contact(merged)):
        raise CannotMerge(words_of_both(both))


def _hand_on_reminders(giver: Contact, taker: Contact) -> bool:
    """Let one read the reminders that the other was added to, unless both were."""
    if ReminderCopy.objects.filter(contact=taker).exists():
        return False
    return bool(ReminderCopy.objects.filter(contact=giver).update(contact=taker))


def _take_over(
    merge: ContactMerge, take: Collection[str], *, today: date, by: User | None
) -> None:
    survivor, merged = merge.survivor, merge.merged
    fields = [field for field in ContactMerge.FIELDS if field in take]
    changes = {field: getattr(merged, field) for field in fields}
    if merge.took_account:
        changes["user"] = merged.user
    if {"email", "user"} & {*survivor.edit(None, **changes)}:
        withdraw_invitation(survivor, by=by)
    gone = merge.email if "email" in fields else merged.email
    if gone.lower() != survivor.email.lower():
        FormerAddress.objects.create(
            contact=survivor, email=gone, until_on=today, merge=merge
        )


def _move_role(merge: ContactMerge, assignment: RoleAssignment, *, today: date) -> None:
    """Move a role; end it instead if the other holds it at the same time."""
    started, ended = assignment.from_on, assignment.until_on
    same = merge.survivor.roles.filter(role=assignment.role).lasting(after=started)
    overlaps = same.filter(from_on__lt=ended) if ended else same
    moved = not overlaps.exists()
    MergedRole.objects.create(
        merge=merge, assignment=assignment, moved=moved, until_on=ended
    )
    if moved:
        assignment.contact = merge.survivor
        assignment.save(update_fields=["contact"])
    elif ended is None or ended > today:
        assignment.until_on = max(started, today)
        assignment.save(update_fields=["until_on"])


def _give_back(merge: ContactMerge, survivor: Contact, merged: Contact) -> None:
    FormerAddress.objects.filter(merge=merge).delete()
    changes = {
        field: getattr(merge, field)
        for field in ContactMerge.FIELDS
        if getattr(survivor, field) == getattr(merged, field)
    }
    if merge.took_account and survivor.user_id == merged.user_id:
        changes["user"] = None
    survivor.edit(None, **changes)
    merged.edit(None, departed_on=None, merged_into=None)
    if merge.took_reminders:
        _hand_on_reminders(survivor, merged)
    for role in merge.roles.select_related("assignment"):
        _move_role_back(role, survivor, merged)


def _move_role_back(role: MergedRole, survivor: Contact, merged: Contact) -> None:
    assignment = role.assignment
    if not role.moved:
        assignment.until_on = role.until_on
        assignment.save(update_fields=["until_on"])
    elif assignment.contact_id == survivor.pk:
        assignment.contact = merged
        assignment.save(update_fields=["contact"])
