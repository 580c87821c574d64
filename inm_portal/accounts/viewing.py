"""
Seeing the portal as another person does: for a reason, for a while, and only seeing.

Whoever views stays who they are: the session is theirs, and what they are
shown is what both may see (docs/decisions/0017-viewing-as-others.md).
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.kernel import context, journal
from inm_portal.kernel.errors import Refusal

from .models import User, Viewing
from .verbs import Verb


class NotToBeViewed(Refusal):
    code = "not_to_be_viewed"


@transaction.atomic
def start_viewing(person: User, *, reason: str, at: datetime, by: User) -> Viewing:
    """
    Let ``by`` see the portal as ``person`` does, for half an hour at most.

    Another viewing of theirs ends with it.

    :raises NotToBeViewed: as somebody who left, or holds a role at INM.
    """
    both = User.objects.select_for_update().order_by("pk")
    person = both.in_bulk([by.pk, person.pk])[person.pk]
    if not by.has_perm("accounts.view_as_user", person):
        raise NotToBeViewed(_("Nobody views the portal as this person."))
    for earlier in Viewing.objects.open().filter(by=by):
        end_viewing(earlier, at=at, why="another")
    viewing = Viewing.objects.create(
        by=by,
        person=person,
        reason=reason,
        started_at=at,
        until=at + Viewing.LONGEST,
    )
    _record(Verb.VIEW_AS_STARTED, viewing, until=viewing.until)
    return viewing


@transaction.atomic
def end_viewing(viewing: Viewing, *, at: datetime, why: str) -> Viewing:
    """End a viewing, if it has not ended: by hand, by time, or for another reason."""
    viewing = Viewing.objects.with_people().locked(viewing)
    if viewing.ended_at is None:
        viewing.ended_at = min(at, viewing.until)
        viewing.save(update_fields=["ended_at"])
        _record(Verb.VIEW_AS_ENDED, viewing, why=why)
    return viewing


def end_run_out(*, at: datetime) -> int:
    """End the viewings that are past their time; return how many."""
    run_out = list(Viewing.objects.run_out(at=at))
    for viewing in run_out:
        end_viewing(viewing, at=at, why="time")
    return len(run_out)


def _record(verb: Verb, viewing: Viewing, **facts: Any) -> None:
    """Record under both names, and about the person who was seen."""
    with context.in_place_of(viewing.person_id):
        journal.record(verb, viewing.person, by=viewing.by, viewing=viewing, **facts)
