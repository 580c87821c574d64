"""Note how members are."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import HealthNote, Organization
from ..verbs import Verb
from .organizations import lock_organization
from .two_people import require_reason


class NotedAhead(Refusal):
    code = "noted_ahead"
    field = "noted_on"


class NotedSince(Refusal):
    code = "noted_since"
    field = "noted_on"


@transaction.atomic
def note_health(
    organization: Organization,
    *,
    health: str,
    reason: str,
    noted_on: date,
    today: date,
    at: datetime,
    by: User | None,
) -> HealthNote:
    """
    Say how a member is from a day on; what was noted before stays as its history.

    :raises SaysNoReason: without a reason.
    :raises NotedAhead: if the day lies ahead.
    :raises NotedSince: if a note of a later day holds.
    """
    organization = lock_organization(organization)
    require_reason(reason)
    if noted_on > today:
        raise NotedAhead(_("Choose a day that is not ahead."))
    if organization.health_notes.filter(noted_on__gt=noted_on).exists():
        raise NotedSince(_("A note of a later day holds; choose that day or a later."))
    note = HealthNote.objects.create(
        organization=organization,
        health=health,
        reason=reason,
        noted_on=noted_on,
        recorded_by=by,
        recorded_at=at,
    )
    facts = {"note": note.pk, "health": health}
    journal.record(Verb.HEALTH_NOTED, note, by=by, **facts)
    return note
