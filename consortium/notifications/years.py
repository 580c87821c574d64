"""Commitment years that ended short, and how long that can be made good."""

from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.money import written
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import CommitmentYear, Organization
from .audiences import AHEAD, BEHIND, OWNER, SPONSOR, STAFF, the_owner, the_sponsor

#: Nothing of a cure period lies further from the end of its year.
LONGEST_CURE = timedelta(days=365)


def years() -> QuerySet[CommitmentYear]:
    """Return the commitment years with what they lack today."""
    rows = CommitmentYear.objects.select_related("agreement__organization")
    return rows.with_position(on=timezone.localdate())


def years_matching(text: str) -> QuerySet[CommitmentYear]:
    members = Organization.objects.matching(text).values("pk")
    return CommitmentYear.objects.filter(agreement__organization__in=members)


def years_that_end(audience: str, *, on: date) -> QuerySet[CommitmentYear]:
    """Return the years that end about now and lack something."""
    ending = CommitmentYear.objects.filter(ends_on__range=(on - BEHIND, on + AHEAD))
    return _to_tell(ending.lacking(on=on), audience, on=on).annotate(
        anchor_on=F("ends_on")
    )


def years_to_cure(audience: str, *, on: date) -> QuerySet[CommitmentYear]:
    """Return the years that lack something and whose cure period ends about now."""
    since = on - LONGEST_CURE - BEHIND
    lately = Q(ends_on__range=(since, on))
    lately |= Q(entries__kind="reversed", entries__recorded_at__date__gte=since)
    keys = CommitmentYear.objects.filter(lately, ends_on__lt=on).values("pk")
    found = CommitmentYear.objects.filter(pk__in=keys)
    curable = found.curable(on=on, since=on - BEHIND)
    return _to_tell(curable, audience, on=on).annotate(anchor_on=F("cure_until"))


def _to_tell(
    rows: QuerySet[CommitmentYear], audience: str, *, on: date
) -> QuerySet[CommitmentYear]:
    rows = rows.annotate(organization_key=F("agreement__organization"))
    if audience == OWNER:
        return rows.annotate(**the_owner("agreement__organization"))
    return rows.annotate(**the_sponsor("agreement__organization", on=on))


def describe_year(delivery: ReminderDelivery, year: CommitmentYear) -> Item:
    """Say what a year lacks and until when that can be made good."""
    facts = {
        "number": year.number,
        "company": year.agreement.organization.name,
        "short": written(year.unwaived, year.currency),
        "until": written_day(year.cure_until),
    }
    what, why = _words_of_year(delivery)
    return Item(
        what=what % facts,
        why=why % facts,
        by_on=year.cure_until,
        url=year.get_absolute_url(),
    )


def _words_of_year(delivery: ReminderDelivery) -> tuple[str, str]:
    if delivery.rung == STAFF:
        return (
            _("Decide on the shortfall of %(company)s in year %(number)s"),
            _("%(short)s is missing, and its cure period ended on %(until)s."),
        )
    return (
        _("Close year %(number)s: %(short)s is missing"),
        _("It can be made good until %(until)s; what is pending counts for nothing."),
    )


declare(
    Rule(
        name="consortium.year_ended_short",
        title=_("Years that ended short"),
        sentence=_(
            "The day after a commitment year ended short, the executive sponsor is "
            "told what is missing and until when it can be made good."
        ),
        subjects=years,
        candidates=years_that_end,
        rungs=[Rung("ended", 1, SPONSOR, _("mail"))],
        describe=describe_year,
        matching=years_matching,
    )
)
declare(
    Rule(
        name="consortium.cure_period",
        title=_("Cure periods that end"),
        sentence=_(
            "Thirty days and seven days before the cure period of a short year ends, "
            "the executive sponsor is reminded. When it is over, the owner of the "
            "relation at INM has a task."
        ),
        subjects=years,
        candidates=years_to_cure,
        rungs=[
            Rung("month", -30, SPONSOR, _("30 days before")),
            Rung("week", -7, SPONSOR, _("7 days before")),
            Rung(STAFF, 1, OWNER, _("task for the owner"), is_task=True),
        ],
        describe=describe_year,
        matching=years_matching,
    )
)
