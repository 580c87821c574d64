"""Benefits of which a member used nothing, and whom that tells to ask after it."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    F,
    QuerySet,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Entitlement
from .audiences import AHEAD, BEHIND, OWNER, STAFF, the_owner

#: No year is longer.
LONGEST_YEAR = timedelta(days=366)


def entitlements() -> QuerySet[Entitlement]:
    """Return what members get and used, today."""
    rows = Entitlement.objects.select_related(
        "organization", "benefit", "commitment_year__agreement"
    )
    return rows.standing(on=timezone.localdate())


def entitlements_matching(text: str) -> QuerySet[Entitlement]:
    return Entitlement.objects.matching(text)


def unused(audience: str, *, on: date) -> QuerySet[Entitlement]:
    """Return the benefits of which nothing was used when most of a year had passed."""
    began = (on - BEHIND - LONGEST_YEAR, on + AHEAD)
    years = Entitlement.objects.filter(commitment_year__starts_on__range=began)
    rows: Any = years.unused(on=on)
    found: QuerySet[Entitlement] = rows.annotate(
        anchor_on=F("asked_on"),
        organization_key=F("organization"),
        **the_owner("organization"),
    ).filter(anchor_on__range=(on - BEHIND, on + AHEAD))
    return found


def describe_entitlement(delivery: ReminderDelivery, one: Entitlement) -> Item:
    """Say what was not used, and until when it can be."""
    facts = {
        "company": one.organization.name,
        "benefit": one.benefit.name,
        "quantity": one.quantity,
        "unit": one.benefit.unit,
        "until": written_day(one.usable_until),
    }
    return Item(
        what=_("Ask %(company)s about its %(benefit)s") % facts,
        why=_(
            "Nothing of its %(quantity)s %(unit)s was used, and most of the year has "
            "passed. They can be used until %(until)s."
        )
        % facts,
        by_on=one.usable_until,
        url=one.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.benefit_unused",
        title=_("Benefits that nobody used"),
        sentence=_(
            "When 60 % of a commitment year has passed and nothing of a benefit was "
            "used, the owner of the relation at INM has a task. It closes once "
            "something is used."
        ),
        subjects=entitlements,
        candidates=unused,
        rungs=[Rung(STAFF, 0, OWNER, _("task for the owner"), is_task=True)],
        describe=describe_entitlement,
        matching=entitlements_matching,
    )
)
