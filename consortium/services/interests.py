"""Disclose an interest in a member, end it, and insist that nobody is barred by one."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal
from inm_portal.kernel.errors import Refusal

from ..models import Interest, Organization
from ..verbs import Verb
from .organizations import lock_organization


class AlreadyDisclosed(Refusal):
    code = "already_disclosed"
    field = "person"


class HasInterest(Refusal):
    code = "has_interest"


class OwnInterest(Refusal):
    code = "own_interest"


class EndsTooEarly(Refusal):
    code = "ends_too_early"
    field = "until_on"


@transaction.atomic
def disclose_interest(
    organization: Organization,
    *,
    person: User,
    reason: str,
    from_on: date,
    at: datetime,
    by: User | None,
    until_on: date | None = None,
) -> Interest:
    """
    Write down that somebody has an interest in a member, which bars them there.

    :raises AlreadyDisclosed: if one stands, or begins later.
    :raises EndsTooEarly: if it would end before it starts.
    """
    organization = lock_organization(organization)
    if until_on is not None and until_on < from_on:
        raise EndsTooEarly(_("This interest would end before it starts."))
    of_person = Interest.objects.filter(organization=organization, person=person)
    if of_person.exclude(until_on__lte=from_on).exists():
        raise AlreadyDisclosed(_("An interest of this person is disclosed already."))
    interest = Interest.objects.create(
        organization=organization,
        person=person,
        reason=reason,
        from_on=from_on,
        until_on=until_on,
        disclosed_at=at,
        recorded_by=by,
    )
    facts = {"person": person, "from_on": from_on, "interest": interest}
    journal.record(Verb.INTEREST_DISCLOSED, organization, by=by, **facts)
    return interest


@transaction.atomic
def end_interest(interest: Interest, *, until_on: date, by: User) -> Interest:
    """
    Let an interest end; what it barred before stays barred.

    :raises OwnInterest: if it is the interest of who ends it.
    :raises EndsTooEarly: if it would end before it started.
    """
    organization = lock_organization(interest.organization)
    interest = Interest.objects.select_related("organization").get(pk=interest.pk)
    if by == interest.person:
        raise OwnInterest(_("Somebody else ends the interest that you disclosed."))
    if until_on < interest.from_on:
        raise EndsTooEarly(_("This interest would end before it starts."))
    interest.until_on = until_on
    interest.save(update_fields=["until_on"])
    facts = {"person": interest.person_id, "until_on": until_on}
    journal.record(Verb.INTEREST_ENDED, organization, by=by, **facts)
    return interest


def require_no_interest(
    organization: Organization, *, on: date, by: User | None
) -> None:
    """
    :raises HasInterest: if who acts disclosed an interest in the member (case 15).
    """
    standing = Interest.objects.standing(on=on)
    if standing.filter(organization=organization, person=by).exists():
        raise HasInterest(
            _("You disclosed an interest in this member; somebody else decides here.")
        )
