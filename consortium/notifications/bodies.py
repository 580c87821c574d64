"""What comes up for those who sit: a meeting, the statement to read, an action."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery, Task
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day
from inm_portal.kernel.templatetags.ui import moment

from ..models import (
    OF_COMPETITORS,
    Acknowledgment,
    Action,
    AntitrustStatement,
    Meeting,
    Sitting,
)
from ..services.meetings import ACTION
from ..states import MeetingState
from .audiences import AHEAD, BEHIND

#: Whom a rung asks: who sits, by how many days it comes before the meeting.
WEEK, DAY = "week", "day"
DAYS = {WEEK: 7, DAY: 1}
#: Who does what a meeting asked for, once it is late.
LATE, LATE_STILL = "late", "late still"


def sittings() -> QuerySet[Sitting]:
    """Return who sits, with ``meetings``: those of the body, as JSON."""
    told = Meeting.objects.filter(body=OuterRef("body")).order_by("starts_at", "pk")
    names = {name: name for name in ("pk", "title", "place", "starts_at", "state")}
    rows = Sitting.objects.select_related("body", "seat", "contact", "person")
    return rows.annotate(meetings=ArraySubquery(told.values(one=JSONObject(**names))))


def meeting_of(delivery: ReminderDelivery, sitting: Any) -> Meeting | None:
    """Return the meeting that a reminder is about: the one of its day."""
    told = [
        Meeting(**row | {"starts_at": datetime.fromisoformat(row["starts_at"])})
        for row in sitting.meetings
    ]
    of_day = [
        one for one in told if timezone.localdate(one.starts_at) == delivery.anchor_on
    ]
    called = [one for one in of_day if one.state != MeetingState.CANCELLED]
    return next(iter([*called, *of_day]), None)


def sittings_matching(text: str) -> QuerySet[Sitting]:
    named = Q(contact__name__icontains=text) | Q(person__name__icontains=text)
    return Sitting.objects.filter(named | Q(body__name__icontains=text))


def _with_next(rows: Any, *, on: date) -> Any:
    """Annotate when the next meeting starts that was called, and when it was."""
    called = Meeting.objects.filter(
        body=OuterRef("body"), state=MeetingState.CALLED, starts_at__date__gte=on
    ).order_by("starts_at", "pk")
    return rows.annotate(
        next_starts_at=Subquery(called.values("starts_at")[:1]),
        next_called_at=Subquery(called.values("called_at")[:1]),
    )


def sittings_at_next(*, on: date) -> QuerySet[Sitting]:
    """Return who sits today and on the day of the next meeting, with that day."""
    rows: Any = _with_next(Sitting.objects.sitting(on=on), on=on).reached()
    rows = rows.annotate(
        anchor_on=TruncDate("next_starts_at"),
        organization_key=F("seat__organization"),
        person_key=F("account_key"),
        address=F("reached_at"),
    )
    still_sits = Q(until_on=None) | Q(until_on__gt=F("anchor_on"))
    found: QuerySet[Sitting] = rows.filter(still_sits, anchor_on__lte=on + AHEAD)
    return found


def sittings_to_come(audience: str, *, on: date) -> QuerySet[Sitting]:
    """Return whom a meeting awaits; who was just told of it is not told again."""
    before = F("anchor_on") - timedelta(days=DAYS[audience])
    rows = sittings_at_next(on=on).annotate(told_on=TruncDate("next_called_at"))
    return rows.filter(told_on__lt=before)


def describe_meeting(delivery: ReminderDelivery, sitting: Any) -> Item:
    """Say when and where a body meets; only of whom, if that meeting was moved."""
    meeting = meeting_of(delivery, sitting)
    body = sitting.body
    if meeting is None:
        return Item(
            what=_("Prepare for the meeting of %(body)s") % {"body": body.name},
            why=_("You sit there."),
            by_on=delivery.anchor_on,
            url=body.get_absolute_url(),
        )
    facts = {
        "body": body.name,
        "meeting": meeting.title,
        "when": moment(timezone.localtime(meeting.starts_at)),
        "where": meeting.place,
    }
    return Item(
        what=_("Prepare for the meeting of %(body)s: %(meeting)s") % facts,
        why=_("You sit there. It starts %(when)s, Boston time. Where: %(where)s.")
        % facts,
        by_on=delivery.anchor_on,
        url=meeting.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.meeting_ahead",
        title=_("Meetings of bodies"),
        sentence=_(
            "Who sits on a body is reminded of its next meeting a week before it, and "
            "on the last working day before."
        ),
        subjects=sittings,
        candidates=sittings_to_come,
        rungs=[
            Rung(WEEK, -7, WEEK, _("a week before")),
            Rung(DAY, -1, DAY, _("the day before"), in_business_days=True),
        ],
        describe=describe_meeting,
        matching=sittings_matching,
    )
)


def sittings_to_acknowledge(audience: str, *, on: date) -> QuerySet[Sitting]:
    """
    Return who sits where members may compete and has not read what is in force.

    The date is the day of the next meeting. Who sits on several bodies is asked
    once, before the first of these; who has no account cannot acknowledge it.
    """
    statement = AntitrustStatement.objects.in_force(on=on)
    if statement is None:
        return Sitting.objects.none().annotate(**NOBODY_ASKED)
    done = Acknowledgment.objects.valid(statement, on=on)
    rows: Any = sittings_at_next(on=on)
    rows = rows.filter(body__kind__in=OF_COMPETITORS, account_key__isnull=False)
    rows = rows.exclude(account_key__in=done.values("person"))
    of_account = rows.filter(account_key=OuterRef("account_key"))
    first = of_account.order_by("anchor_on", "pk").values("pk")[:1]
    found: QuerySet[Sitting] = rows.filter(pk=Subquery(first))
    return found


#: What is told of nobody, where nothing is to be read.
NOBODY_ASKED = {
    "anchor_on": F("from_on"),
    "organization_key": F("seat__organization"),
    "person_key": F("person"),
    "address": Value(""),
}


def describe_statement(delivery: ReminderDelivery, sitting: Any) -> Item:
    """Say what is to be read, before which meeting."""
    facts = {"body": sitting.body.name, "day": written_day(delivery.anchor_on)}
    return Item(
        what=_("Read and acknowledge the antitrust statement"),
        why=_(
            "You sit on %(body)s, where members that may compete meet on %(day)s. It "
            "is to be acknowledged each year."
        )
        % facts,
        by_on=delivery.anchor_on,
        url=AntitrustStatement().get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.antitrust",
        title=_("The antitrust statement, before a meeting"),
        sentence=_(
            "Who sits where members may compete, and has not acknowledged the "
            "statement in force within a year, is reminded a week before the next "
            "meeting and on the last working day before it. It stops once they do."
        ),
        subjects=sittings,
        candidates=sittings_to_acknowledge,
        rungs=[
            Rung(WEEK, -7, WEEK, _("a week before the meeting")),
            Rung(DAY, -1, DAY, _("the day before"), in_business_days=True),
        ],
        describe=describe_statement,
        matching=sittings_matching,
    )
)


def actions() -> QuerySet[Action]:
    return Action.objects.select_related("meeting__body")


def actions_matching(text: str) -> QuerySet[Action]:
    named = Q(what__icontains=text) | Q(meeting__body__name__icontains=text)
    return Action.objects.filter(named)


def actions_overdue(audience: str, *, on: date) -> QuerySet[Action]:
    """Return the actions that nobody finished, with the day they are due."""
    tasks = Task.objects.open().filter(
        kind=ACTION, subject_type=Action._meta.label_lower, subject_id=OuterRef("pk")
    )
    asked = Case(When(person__is_active=True, then="person"))
    rows: Any = Action.objects.annotate(
        anchor_on=Subquery(tasks.values("due_on")[:1]),
        organization_key=Value(None, BigIntegerField()),
        person_key=Subquery(tasks.annotate(asked=asked).values("asked")[:1]),
        address=Coalesce(
            Subquery(tasks.filter(person__is_active=True).values("person__email")[:1]),
            Value(""),
        ),
    )
    found: QuerySet[Action] = rows.filter(
        anchor_on__range=(on - BEHIND - BEHIND, on + AHEAD)
    )
    return found


def describe_action(delivery: ReminderDelivery, action: Action) -> Item:
    """Say what was to be done, and since when it is late."""
    facts = {"meeting": action.meeting.title, "body": action.meeting.body.name}
    return Item(
        what=_("Late: %(what)s") % {"what": action.what},
        why=_("%(body)s asked for it at: %(meeting)s.") % facts,
        by_on=delivery.anchor_on,
        url=action.meeting.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.action_overdue",
        title=_("Actions of bodies that are late"),
        sentence=_(
            "Who took on an action of a meeting is reminded the working day after the "
            "day it was due, and a week after it, until the task is done."
        ),
        subjects=actions,
        candidates=actions_overdue,
        rungs=[
            Rung(LATE, 1, LATE, _("the day after"), in_business_days=True),
            Rung(LATE_STILL, 7, LATE_STILL, _("a week after")),
        ],
        describe=describe_action,
        matching=actions_matching,
    )
)
