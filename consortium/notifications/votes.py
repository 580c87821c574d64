"""Votes that close soon: who is asked for one that is missing, never for which."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.ui import moment

from ..models import Elector, Proxy, Sitting
from ..states import MotionState
from .audiences import AHEAD

#: Whom each rung asks, by how many days it comes before the vote closes.
HOLDER, LAST, ALTERNATE, BY_PROXY = "holder", "holder last", "alternate", "by proxy"
DAYS = {HOLDER: 3, LAST: 1, ALTERNATE: 1, BY_PROXY: 1}


def electors() -> QuerySet[Elector]:
    return Elector.objects.select_related("motion__body", "seat")


def electors_matching(text: str) -> QuerySet[Elector]:
    named = Q(motion__title__icontains=text) | Q(motion__body__name__icontains=text)
    return Elector.objects.filter(named | Q(seat__name__icontains=text))


def votes_missing(audience: str, *, on: date) -> QuerySet[Elector]:
    """
    Return the seats that have not voted on an open motion, with the day it closes.

    Who recused themselves did vote. What was opened so late that its mail comes on
    the day of the reminder, or after it, is not told again.
    """
    rows: Any = Elector.objects.filter(motion__state=MotionState.OPEN).with_choice()
    rows = rows.filter(choice=None).annotate(
        anchor_on=TruncDate("motion__closes_at"),
        opened_on=TruncDate("motion__opened_at"),
        asked_seat=_seat_asked(audience),
        organization_key=F("seat__organization"),
    )
    sat: Any = Sitting.objects.sitting(on=on).reached()
    sat = sat.filter(
        seat=OuterRef("asked_seat"),
        is_alternate=audience == ALTERNATE,
        account_key__isnull=False,
    )
    before = F("anchor_on") - timedelta(days=DAYS[audience])
    found: QuerySet[Elector] = rows.filter(
        anchor_on__range=(on, on + AHEAD), opened_on__lt=before
    ).annotate(
        person_key=Subquery(sat.values("account_key")[:1]),
        address=Coalesce(Subquery(sat.values("reached_at")[:1]), Value("")),
    )
    return found


def _seat_asked(audience: str) -> Any:
    if audience != BY_PROXY:
        return F("seat")
    given = Proxy.objects.in_force().filter(elector=OuterRef("pk"))
    return Subquery(given.values("to__seat")[:1])


def describe_vote(delivery: ReminderDelivery, elector: Elector) -> Item:
    """Say that the vote of a seat is missing, and until when it can be cast."""
    motion = elector.motion
    facts = {
        "motion": motion.title,
        "seat": elector.seat.name,
        "body": motion.body.name,
        "until": moment(timezone.localtime(motion.closes_at)),
    }
    why = _(
        "%(body)s: nobody voted for the seat %(seat)s yet. "
        "Closes %(until)s, Boston time."
    )
    if delivery.rung == BY_PROXY:
        why = _(
            "%(body)s: the seat %(seat)s asked you to vote. "
            "Closes %(until)s, Boston time."
        )
    return Item(
        what=_("Vote on: %(motion)s") % facts,
        why=why % facts,
        by_on=delivery.anchor_on,
        url=motion.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.vote_closing",
        title=_("Votes that close soon"),
        sentence=_(
            "Who holds a seat that has not voted is reminded three days before the "
            "vote closes and on the last working day before; on that day its "
            "alternate, and who has its proxy, too. Nobody is told how anybody voted."
        ),
        subjects=electors,
        candidates=votes_missing,
        rungs=[
            Rung(HOLDER, -3, HOLDER, _("three days before")),
            Rung(LAST, -1, LAST, _("the day before"), in_business_days=True),
            *(
                Rung(*told, in_business_days=True, stands_alone=True)
                for told in [
                    (ALTERNATE, -1, ALTERNATE, _("the day before, to the alternate")),
                    (BY_PROXY, -1, BY_PROXY, _("the day before, to the proxy")),
                ]
            ),
        ],
        describe=describe_vote,
        matching=electors_matching,
    )
)
