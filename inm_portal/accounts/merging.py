"""
Make two accounts of one person one, and take that back.

The account that goes leads to the one that stays: either address signs in
there. What a person is moves along; what they did, as the journal tells it,
stays under the account with which it was done.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from inm_portal.kernel import journal, mails
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.locks import take_turns

from .access import ROLES, OwnAccess, is_managed, require_manager, sign_out
from .models import User, UserMerge, UserMergeMove
from .verbs import Verb

#: What says in words why two accounts, the one that stays first, must not become one.
Objection = Callable[[User, User], str]

_objections: list[Objection] = []


class CannotMerge(Refusal):
    code = "cannot_merge"


def objects_to_merge(objection: Objection) -> Objection:
    """Register what says why two accounts must not become one, or nothing."""
    _objections.append(objection)
    return objection


@transaction.atomic
def merge_users(
    survivor: User, *, merged: User, at: datetime, by: User | None
) -> UserMerge:
    """
    Let one account lead to another, which takes over companies and roles.

    Sessions and tokens of the account that goes end at once.

    :raises OwnAccess: if one of them is who acts.
    :raises CannotMerge: if they are the same or merged already, the one that stays
        does not come in, both are contacts of one company, or an app objects.
    """
    survivor, merged = _lock(survivor, merged, by=by)
    if survivor == merged:
        raise CannotMerge(_("Choose another account."))
    if survivor.merged_into_id or merged.merged_into_id:
        raise CannotMerge(_("One of the accounts is merged already."))
    if not survivor.is_active:
        raise CannotMerge(_("The account that stays must come in."))
    for objection in _objections:
        if words := objection(survivor, merged):
            raise CannotMerge(words)

    merge = UserMerge.objects.create(
        survivor=survivor,
        merged=merged,
        was_active=merged.is_active,
        merged_at=at,
        merged_by=by,
    )
    merged.is_active, merged.merged_into = False, survivor
    merged.save(update_fields=["is_active", "merged_into"])
    _move_rows(merge)
    _move_roles(merge)
    journal.record(Verb.PEOPLE_MERGED, survivor, by=by, merged=merged)
    sign_out(merged, by=by)
    return merge


@transaction.atomic
def undo_merge(merge: UserMerge, *, at: datetime, by: User | None) -> UserMerge:
    """
    Part two accounts again: what moved goes back, where it was not changed since.

    :raises OwnAccess: if one of them is who acts.
    :raises TooLateToUndo: after 30 days, or when it was done.
    :raises CannotMerge: if the account that stayed was itself merged since.
    :raises LastManager: if nobody would be left who manages people.
    """
    survivor, merged = _lock(merge.survivor, merge.merged, by=by)
    merge = UserMerge.objects.locked(merge)
    merge.require_undoable(at=at)
    if survivor.merged_into_id:
        raise CannotMerge(_("Undo the later merge first."))
    was_managed = is_managed()
    merged.is_active, merged.merged_into = merge.was_active, None
    merged.save(update_fields=["is_active", "merged_into"])
    for move in merge.moves.all():
        _move_back(move, survivor, merged)
    if was_managed:
        require_manager()
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    journal.record(Verb.PEOPLE_PARTED, survivor, by=by, merged=merged)
    return merge


def tell_where_it_leads(email: str, *, at: datetime) -> bool:
    """
    Tell the address of a merged account which one is in use; say whether it is one.

    It opens nothing, and shows no more of the other address than its owner needs
    to know it by: whoever reads this mailbox now may be somebody else.
    """
    merged = User.objects.filter(email=email.lower()).exclude(merged_into=None).first()
    if merged is None or not merged.survivor.is_active:
        return False
    mails.write(
        "accounts/mail/account_merged",
        to=merged.email,
        slot=uuid4().hex,
        at=at,
        context={"name": merged.name, "in_use": shortened(merged.survivor.email)},
        asked=True,
    )
    return True


def shortened(email: str) -> str:
    """Return an address as its owner knows it, and others do not."""
    name, _at, domain = email.partition("@")
    return f"{name[0]}…@{domain}"


def moving_fields() -> Iterator[tuple[type[Model], str]]:
    """Yield each model with the field by which its rows move with a person."""
    for model in apps.get_models():
        for field in getattr(model, "moves_with_person", ()):
            yield model, field


def _lock(first: User, second: User, *, by: User | None) -> tuple[User, User]:
    take_turns(ROLES)
    if by is not None and by in (first, second):
        raise OwnAccess(_("Nobody merges their own account; ask a colleague."))
    rows = User.objects.select_for_update(of=("self",)).order_by("pk")
    found = rows.in_bulk([first.pk, second.pk])
    return found[first.pk], found[second.pk]


def _move_rows(merge: UserMerge) -> None:
    for model, field in moving_fields():
        rows = model._base_manager.filter(**{field: merge.merged})
        keys = list(rows.values_list("pk", flat=True))
        try:
            with transaction.atomic():
                rows.update(**{field: merge.survivor})
        except IntegrityError:
            raise CannotMerge(
                _("Both are contacts of one company; merge those contacts first.")
            ) from None
        _note(merge, model, field, keys)


def _move_roles(merge: UserMerge) -> None:
    held = merge.survivor.groups.all()
    gained = list(merge.merged.groups.exclude(pk__in=held.values("pk")))
    merge.survivor.groups.add(*gained)
    _note(merge, Group, "groups", [group.pk for group in gained])


def _note(merge: UserMerge, model: Any, field: str, keys: list[int]) -> None:
    label = model._meta.label
    UserMergeMove.objects.bulk_create(
        UserMergeMove(merge=merge, model=label, field=field, row=key) for key in keys
    )


def _move_back(move: UserMergeMove, survivor: User, merged: User) -> None:
    model: Any = apps.get_model(move.model)
    if model is Group:
        survivor.groups.remove(move.row)
    else:
        rows = model._base_manager.filter(pk=move.row, **{move.field: survivor})
        rows.update(**{move.field: merged})
