"""Terms whose day for notice comes: whom that asks to talk about the renewal."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import Agreement, with_answer
from ..states import RenewalAnswerKind
from .audiences import AHEAD, BEHIND, OWNER, SPONSOR, the_owner, the_sponsor

#: Whom each rung asks, by how many days it comes before the day for notice: what was
#: to be said long ago, when a term becomes known, is not said late.
OWNERS = {f"{OWNER} {days}": days for days in (365, 120)}
SPONSORS = {f"{SPONSOR} {days}": days for days in (180, 60, 14)}
#: The rungs of the ladder (`domain.md` 9); the meeting is one of the sponsor with INM.
PLAN, HALF_A_YEAR, MEETING, TWO_MONTHS, LAST = "plan", "half", "meet", "months", "last"


def terms() -> QuerySet[Agreement]:
    """Return the terms that can be renewed, with the day for notice as of today."""
    rows = Agreement.objects.select_related("organization")
    return rows.with_notice_by(on=timezone.localdate())


def terms_to_renew(audience: str, *, on: date) -> QuerySet[Agreement]:
    """Return the terms whose day for notice comes, while the member said nothing."""
    rows: Any = Agreement.objects.in_force(on=on).without_successor()
    rows = with_answer(rows.with_notice_by(on=on))
    undecided = Q(answer=None) | Q(answer=RenewalAnswerKind.UNDECIDED)
    ahead = on + timedelta(days=(OWNERS | SPONSORS)[audience])
    near = Q(notice_by__range=(ahead - BEHIND, ahead + AHEAD))
    is_owner = audience in OWNERS
    who = the_owner("organization") if is_owner else the_sponsor(on=on)
    found: QuerySet[Agreement] = rows.filter(undecided, near).annotate(
        anchor_on=F("notice_by"), organization_key=F("organization"), **who
    )
    return found


def describe_term(delivery: ReminderDelivery, term: Agreement) -> Item:
    """Say what is asked for, and by when notice is in time."""
    facts = {
        "company": term.organization.name,
        "agreement": term.number,
        "day": written_day(term.renewal_notice_on),
        "ends": written_day(term.ends_on),
    }
    what, why = WORDS[delivery.rung]
    return Item(
        what=what % facts,
        why=why % facts,
        by_on=term.renewal_notice_on,
        url=term.get_absolute_url(),
    )


TERM_ENDS = _("The term ends on %(ends)s; notice is in time until %(day)s.")
WORDS = {
    PLAN: (_("Plan the renewal of %(company)s"), TERM_ENDS),
    HALF_A_YEAR: (_("Your membership: the next term"), TERM_ENDS),
    MEETING: (_("Meet the sponsor of %(company)s about its renewal"), TERM_ENDS),
    TWO_MONTHS: (_("Say whether %(company)s renews"), TERM_ENDS),
    LAST: (
        _("Say whether %(company)s renews: two weeks are left"),
        _("Notice is in time until %(day)s; nobody answered about %(agreement)s."),
    ),
}

declare(
    Rule(
        name="consortium.renewal",
        title=_("Terms to renew"),
        sentence=_(
            "A year before the day for notice, the owner of the relation at INM has a "
            "task to plan the renewal, and 120 days before it one to meet the sponsor. "
            "The executive sponsor is reminded 180, 60 and 14 days before. It stops "
            "once the member answers or the next term is signed."
        ),
        subjects=terms,
        candidates=terms_to_renew,
        rungs=[
            Rung(PLAN, -365, f"{OWNER} 365", _("task to plan it"), is_task=True),
            Rung(HALF_A_YEAR, -180, f"{SPONSOR} 180", _("180 days before")),
            Rung(
                MEETING,
                -120,
                f"{OWNER} 120",
                _("task to meet the sponsor"),
                is_task=True,
            ),
            Rung(TWO_MONTHS, -60, f"{SPONSOR} 60", _("60 days before")),
            Rung(LAST, -14, f"{SPONSOR} 14", _("14 days before")),
        ],
        describe=describe_term,
        matching=lambda text: Agreement.objects.matching(text),
    )
)
