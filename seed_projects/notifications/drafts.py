"""Drafts whose deadline comes: their PI, and who writes for them, are reminded."""

from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    DateField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.rules import Item, Rule, Rung, declare
from inm_portal.kernel.templatetags.portal import on as written_day

from ..models import (
    AuthorRight,
    AuthorRole,
    Proposal,
    ProposalPerson,
    out_for_more,
    with_deadline,
)
from ..states import CallState, ProposalState

PI, WRITER = "pi", "writer"
#: How many days before the deadline (`domain.md` 9); the last hours are told apart.
LADDER = (14, 7, 2)


class DayIn(Func):
    """The day of an instant in a zone that a column names."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()

    def __init__(self, moment: Any, zone: Any) -> None:
        super().__init__(moment, zone)


def drafts() -> QuerySet[Proposal]:
    return with_deadline(Proposal.objects.select_related("call"))


def drafts_to_submit(audience: str, *, on: date) -> QuerySet[Proposal]:
    """Return the drafts to calls that take them, with the day of their deadline."""
    rows = with_deadline(Proposal.objects.filter(state=ProposalState.DRAFT))
    rows = rows.filter(
        Q(call__state=CallState.OPEN) | Q(pk__in=_sent_back()),
        deadline_at__isnull=False,
    )
    parts = ProposalPerson.objects.filter(
        proposal=OuterRef("pk"), person__is_active=True
    )
    if audience == PI:
        parts = parts.filter(role=AuthorRole.PI)
    else:
        parts = parts.filter(
            role=AuthorRole.ADMINISTRATOR,
            right__in=[AuthorRight.WRITE, AuthorRight.SUBMIT],
        )
    first = parts.order_by("pk")
    found: QuerySet[Proposal] = rows.annotate(
        anchor_on=DayIn(F("deadline_at"), F("call__zone")),
        organization_key=Value(None, output_field=BigIntegerField()),
        person_key=Subquery(first.values("person")[:1]),
        address=Coalesce(Subquery(first.values("person__email")[:1]), Value("")),
    ).filter(anchor_on__gte=on)
    return found


def _sent_back() -> Any:
    rows = Proposal.objects.exclude(call__state=CallState.CANCELLED)
    out = rows.annotate(out=Subquery(out_for_more().values("pk")[:1]))
    return out.filter(out__isnull=False).order_by().values("pk")


def describe_draft(delivery: ReminderDelivery, proposal: Any) -> Item:
    day = proposal.deadline_at.astimezone(proposal.call.time_zone)
    facts = {
        "title": proposal.title,
        "call": proposal.call.title,
        "day": written_day(day.date()),
        "time": f"{day:%H:%M %Z}",
    }
    return Item(
        what=_("Submit “%(title)s”") % facts,
        why=_("It is a draft; “%(call)s” takes it until %(day)s, %(time)s.") % facts,
        by_on=day.date(),
        url=proposal.get_absolute_url(),
    )


declare(
    Rule(
        name="seed_projects.draft",
        title=_("Drafts to submit"),
        sentence=_(
            "The PI of a draft is reminded 14, 7 and 2 days before the deadline that "
            "holds for them, and an administrator who writes for them 7 and 2 days "
            "before. Four hours before it the PI is told once more. It stops once the "
            "proposal is submitted or the call is cancelled."
        ),
        subjects=drafts,
        candidates=drafts_to_submit,
        rungs=[
            *[Rung(f"-{n}", -n, PI, _("%(n)s days before") % {"n": n}) for n in LADDER],
            *[
                Rung(
                    f"{WRITER} -{n}",
                    -n,
                    WRITER,
                    _("%(n)s days before, who writes for the PI") % {"n": n},
                )
                for n in LADDER[1:]
            ],
        ],
        describe=describe_draft,
        matching=lambda text: Proposal.objects.matching(text),
    )
)
