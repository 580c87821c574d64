"""What those who sit on a body owe it: a vote, to meet, to read, to do."""

from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery, Task
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    OF_COMPETITORS,
    Acknowledgment,
    Action,
    AntitrustStatement,
    Elector,
    Meeting,
    Sitting,
)
from ..states import MeetingState, MotionState
from .audiences import AHEAD, BEHIND

#: The kind of the tasks that meetings ask for.
ACTION = "consortium.action"

#: Audiences: each is one person of a row, and of one rung.
HOLDER, HOLDER_LAST, ALTERNATE = "holder", "holder at last", "alternate"
SITS, SITS_STILL = "who sits", "who sits still"
DOES, DOES_STILL = "who does it", "who does it still"
MEETS, MEETS_SOON = "who meets", "who meets soon"


def _account(path: str = "") -> Any:
    """Return the account of a sitting, of the contact that stays if it was merged."""
    ways = ["contact__merged_into__user", "contact__user", "person"]
    return Coalesce(*(f"{path}{way}" for way in ways))


def _address(path: str = "") -> Any:
    ways = ["contact__merged_into__email", "contact__email", "person__email"]
    told = [f"{path}{way}" for way in ways]
    return Coalesce(*told, Value(""), output_field=CharField())


def electors() -> QuerySet[Elector]:
    return Elector.objects.select_related("motion__body", "seat")


def electors_matching(text: str) -> QuerySet[Elector]:
    named = Q(motion__title__icontains=text) | Q(motion__body__name__icontains=text)
    return Elector.objects.filter(named | Q(seat__name__icontains=text))


def electors_to_vote(audience: str, *, on: date) -> QuerySet[Elector]:
    """
    Return the seats that have not voted on an open motion, with the day it closes.

    Asked is the holder, and on the last day the alternate, too. Who is recused said
    so by their vote, and nobody learns here how anybody else voted.
    """
    sat = Sitting.objects.sitting(on=on).filter(
        seat=OuterRef("seat"), is_alternate=audience == ALTERNATE
    )
    rows: Any = Elector.objects.filter(motion__state=MotionState.OPEN).with_choice()
    found: QuerySet[Elector] = rows.filter(choice=None).annotate(
        anchor_on=TruncDate("motion__closes_at"),
        organization_key=F("seat__organization"),
        person_key=Subquery(sat.annotate(key=_account()).values("key")[:1]),
        address=Coalesce(
            Subquery(sat.annotate(to=_address()).values("to")[:1]), Value("")
        ),
    )
    return found


def describe_vote(delivery: ReminderDelivery, elector: Elector) -> Item:
    motion = elector.motion
    facts = {"motion": motion.title, "seat": elector.seat.name, "body": motion.body}
    return Item(
        what=_("Vote on %(motion)s") % facts,
        why=_("%(body)s: nobody voted for the seat %(seat)s yet.") % facts,
        by_on=delivery.anchor_on,
        url=motion.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.vote",
        title=_("Votes that are open"),
        sentence=_(
            "Who holds a seat that has not voted is reminded three days before the "
            "vote closes and the day before, its alternate the day before."
        ),
        subjects=electors,
        candidates=electors_to_vote,
        rungs=[
            Rung("three days", -3, HOLDER, _("three days before")),
            Rung("day before", -1, HOLDER_LAST, _("the day before")),
            Rung("alternate", -1, ALTERNATE, _("to the alternate"), stands_alone=True),
        ],
        describe=describe_vote,
        matching=electors_matching,
    )
)


class YearAfter(Func):
    """The same day a year later."""

    output_field = DateField()
    template = "(%(expressions)s + interval '1 year')::date"


def sittings() -> QuerySet[Sitting]:
    return Sitting.objects.select_related("body", "contact", "person")


def sittings_matching(text: str) -> QuerySet[Sitting]:
    named = Q(contact__name__icontains=text) | Q(person__name__icontains=text)
    return Sitting.objects.filter(named | Q(body__name__icontains=text))


def sittings_to_acknowledge(audience: str, *, on: date) -> QuerySet[Sitting]:
    """
    Return who sits where members may compete, with the day the statement is due.

    That is the day from which they sit under the version in force, or a year after
    they acknowledged it last. Who has no account acknowledges nothing.
    """
    in_force = AntitrustStatement.objects.filter(from_on__lte=on).order_by("-number")
    newest = Subquery(in_force.values("pk")[:1])
    read = Acknowledgment.objects.filter(
        statement=newest, person=OuterRef("account_key"), on__lte=on
    ).order_by("-on")
    rows: Any = Sitting.objects.sitting(on=on).filter(body__kind__in=OF_COMPETITORS)
    rows = rows.annotate(account_key=_account()).filter(account_key__isnull=False)
    rows = rows.annotate(
        last_on=Subquery(read.values("on")[:1]),
        begun_on=Subquery(in_force.values("from_on")[:1]),
    )
    rows = rows.filter(begun_on__isnull=False).annotate(
        anchor_on=Case(
            When(last_on__isnull=False, then=YearAfter("last_on")),
            default=Greatest("from_on", "begun_on"),
        ),
        organization_key=F("seat__organization"),
        person_key=F("account_key"),
        address=_address(),
    )
    found: QuerySet[Sitting] = rows.filter(
        anchor_on__range=(on - BEHIND - BEHIND, on + AHEAD)
    )
    return found


def describe_statement(delivery: ReminderDelivery, sitting: Sitting) -> Item:
    return Item(
        what=_("Acknowledge the antitrust statement"),
        why=_("You sit on %(body)s, where members that may compete meet.")
        % {"body": sitting.body},
        by_on=delivery.anchor_on,
        url=sitting.body.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.antitrust",
        title=_("The antitrust statement, to be acknowledged"),
        sentence=_(
            "Who sits where members may compete is reminded on the day from which the "
            "statement is to be acknowledged, each year anew, and two weeks later."
        ),
        subjects=sittings,
        candidates=sittings_to_acknowledge,
        rungs=[
            Rung("due", 0, SITS, _("on the day")),
            Rung("still", 14, SITS_STILL, _("two weeks later")),
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


def actions_to_do(audience: str, *, on: date) -> QuerySet[Action]:
    """Return the actions that nobody finished, with the day they are due."""
    tasks = Task.objects.open().filter(
        kind=ACTION, subject_type="consortium.action", subject_id=OuterRef("pk")
    )
    rows: Any = Action.objects.annotate(anchor_on=Subquery(tasks.values("due_on")[:1]))
    rows = rows.filter(anchor_on__range=(on - BEHIND, on + AHEAD))
    found: QuerySet[Action] = rows.annotate(
        organization_key=Value(None, BigIntegerField()),
        person_key=Subquery(tasks.values("person")[:1]),
        address=Coalesce(Subquery(tasks.values("person__email")[:1]), Value("")),
    )
    return found


def describe_action(delivery: ReminderDelivery, action: Action) -> Item:
    return Item(
        what=action.what,
        why=_("It follows of: %(what)s, %(body)s.")
        % {"what": action.meeting, "body": action.meeting.body},
        by_on=delivery.anchor_on,
        url=action.meeting.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.body_action",
        title=_("Actions of meetings"),
        sentence=_(
            "Who does something after a meeting is reminded three days before its day, "
            "and the day after it, until the task is done."
        ),
        subjects=actions,
        candidates=actions_to_do,
        rungs=[
            Rung("before", -3, DOES, _("three days before")),
            Rung("late", 1, DOES_STILL, _("the day after")),
        ],
        describe=describe_action,
        matching=actions_matching,
    )
)


def sittings_that_meet(audience: str, *, on: date) -> QuerySet[Sitting]:
    """Return who sits where a meeting is called, with the day of the next one."""
    called = Meeting.objects.filter(
        body=OuterRef("body"), state=MeetingState.CALLED, starts_at__date__gte=on
    ).order_by("starts_at", "pk")
    rows: Any = Sitting.objects.sitting(on=on).annotate(
        meets_at=Subquery(called.values("starts_at")[:1])
    )
    found: QuerySet[Sitting] = rows.filter(meets_at__isnull=False).annotate(
        anchor_on=TruncDate("meets_at"),
        organization_key=F("seat__organization"),
        person_key=_account(),
        address=_address(),
    )
    return found.filter(anchor_on__lte=on + AHEAD)


def describe_meeting(delivery: ReminderDelivery, sitting: Sitting) -> Item:
    meeting = Meeting.objects.filter(
        body=sitting.body_id,
        state=MeetingState.CALLED,
        starts_at__date=delivery.anchor_on,
    ).earliest("starts_at", "pk")
    starts = timezone.localtime(meeting.starts_at)
    facts = {
        "meeting": meeting.title,
        "body": sitting.body,
        "day": written_day(starts.date()),
        "time": f"{starts:%H:%M}",
        "place": meeting.place,
    }
    return Item(
        what=_("%(body)s meets: %(meeting)s") % facts,
        why=_("On %(day)s at %(time)s in Boston, %(place)s.") % facts,
        by_on=delivery.anchor_on,
        url=meeting.get_absolute_url(),
    )


declare(
    Rule(
        name="consortium.meeting",
        title=_("Meetings of bodies"),
        sentence=_(
            "Who sits on a body is reminded of its next meeting a week before and the "
            "day before. It stops once the meeting is cancelled; one that is moved is "
            "reminded of anew."
        ),
        subjects=sittings,
        candidates=sittings_that_meet,
        rungs=[
            Rung("week", -7, MEETS, _("a week before")),
            Rung("eve", -1, MEETS_SOON, _("the day before")),
        ],
        describe=describe_meeting,
        matching=sittings_matching,
    )
)
