"""Co-investigators who were asked, and did not say yet whether they take part."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from consortium.notifications.audiences import whoever_takes_it
from inm_portal.kernel.addresses import page_of
from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare

from ..models import ProposalPerson
from ..states import CallState, ProposalState

ASKED, STAFF = "asked", "staff"
#: A submission with somebody who did not confirm stands so for three days (case 52).
WINDOW = 3


def parts() -> QuerySet[ProposalPerson]:
    return ProposalPerson.objects.select_related("proposal__call")


def _waiting() -> Any:
    rows = ProposalPerson.objects.waiting()
    return rows.exclude(proposal__call__state=CallState.CANCELLED).annotate(
        organization_key=Value(None, output_field=BigIntegerField())
    )


def _the_asked() -> dict[str, Any]:
    is_there = When(person__is_active=True, then="person")
    address = Coalesce("person__email", F("email"))
    return {"person_key": Case(is_there), "address": address}


def parts_of_drafts(audience: str, *, on: date) -> QuerySet[ProposalPerson]:
    """Return who did not answer for a draft, with the day on which they were asked."""
    rows: QuerySet[ProposalPerson] = _waiting().filter(
        proposal__state=ProposalState.DRAFT, proposal__call__state=CallState.OPEN
    )
    return rows.annotate(anchor_on=TruncDate("added_at"), **_the_asked())


def parts_of_submissions(audience: str, *, on: date) -> QuerySet[ProposalPerson]:
    """Return who did not confirm what was submitted, with the day of submission."""
    rows: QuerySet[ProposalPerson] = _waiting().filter(
        proposal__state=ProposalState.SUBMITTED
    )
    who = whoever_takes_it() if audience == STAFF else _the_asked()
    return rows.annotate(anchor_on=TruncDate("proposal__submitted_at"), **who)


def describe_part(delivery: ReminderDelivery, part: ProposalPerson) -> Item:
    facts = {"title": part.proposal.title, "name": part.name}
    by_on = delivery.planned_on
    if delivery.rung == STAFF:
        return Item(
            what=_("Ask whether %(name)s takes part in “%(title)s”") % facts,
            why=_(
                "It was submitted three days ago with a co-investigator who did not "
                "confirm. Remove them or return it."
            ),
            by_on=by_on,
            url=page_of("seed_projects:screened", part.proposal_id),
        )
    return Item(
        what=_("Say whether you take part in “%(title)s”") % facts,
        why=_("You were asked to be its co-investigator."),
        by_on=by_on,
        url=part.proposal.get_absolute_url() if part.person_id else "",
    )


RULE: dict[str, Any] = {"subjects": parts, "describe": describe_part}


def _matching(text: str) -> QuerySet[ProposalPerson]:
    return ProposalPerson.objects.filter(proposal__title__icontains=text)


declare(
    Rule(
        name="seed_projects.part",
        title=_("Parts to confirm"),
        sentence=_(
            "Who is asked to be a co-investigator is reminded 3 and 7 days later while "
            "the proposal is a draft. It stops once they answer or are removed."
        ),
        candidates=parts_of_drafts,
        rungs=[
            Rung("+3", 3, ASKED, _("3 days after")),
            Rung("+7", 7, ASKED, _("7 days after")),
        ],
        matching=_matching,
        **RULE,
    )
)
declare(
    Rule(
        name="seed_projects.part_submitted",
        title=_("Parts to confirm after submission"),
        sentence=_(
            "A co-investigator who did not confirm is asked the day after it was "
            "submitted; after three days staff has a task to remove them or return it."
        ),
        candidates=parts_of_submissions,
        rungs=[
            Rung("+1", 1, ASKED, _("a day after")),
            Rung(STAFF, WINDOW, STAFF, _("task for staff"), is_task=True),
        ],
        matching=_matching,
        **RULE,
    )
)
