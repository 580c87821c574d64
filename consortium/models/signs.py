"""
What tells early that a member may not renew: plain rules, each with what it says.

Payment, talk, use of benefits and what was said: none of them decides anything, and
together they say whom to call first.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    When,
)

from inm_portal.kernel.computed import Groups, join_groups

from ..states import RenewalAnswerKind, Sign
from .aging import owed
from .agreements import Agreement
from .benefits import Entitlement
from .engagement import Interaction
from .health import Health, HealthNote
from .organizations import OrganizationQuerySet
from .positions import sum_of
from .renewals import with_answer
from .roles import ContactRole, RoleAssignment

#: So late, what nobody disputes is a sign; a day or two is none.
LATE = timedelta(days=30)
#: A member with whom nobody spoke for so long.
SILENT = timedelta(days=90)
#: So long before the day for notice, an answer is missed.
ASKED = timedelta(days=180)


def with_health(rows: OrganizationQuerySet) -> OrganizationQuerySet:
    """Annotate ``health``, ``health_reason`` and ``health_on``, by the last note."""
    notes = HealthNote.objects.filter(organization=OuterRef("pk"))
    last = notes.order_by("-noted_on", "-pk")
    return rows.annotate(
        health=Subquery(last.values("health")[:1]),
        health_reason=Subquery(last.values("reason")[:1]),
        health_on=Subquery(last.values("noted_on")[:1]),
    )


def with_signs(rows: OrganizationQuerySet, *, on: date) -> OrganizationQuerySet:
    """
    Annotate members ``with_health`` and what else is a sign, with what it rests on.

    ``late_since`` is the oldest day for which somebody waits, ``disputed`` an amount,
    ``spoken_on`` a day, ``unused`` a number of benefits, ``notice_on`` the day by which
    an answer is due; ``is_<sign>`` tells of each, and ``signs`` how many there are.
    """
    rows = join_groups(with_health(rows), "owing", _owing(on))
    rows = join_groups(rows, "spoken", _spoken(on))
    rows = join_groups(rows, "not_used", _unused(on), nothing=0)
    rows = join_groups(rows, "ending", _ending(on))
    sponsor = RoleAssignment.objects.held(on=on).filter(
        organization=OuterRef("pk"), role=ContactRole.SPONSOR, contact__departed_on=None
    )
    terms = Agreement.objects.in_force(on=on).without_successor()
    said = with_answer(terms.filter(organization=OuterRef("pk")))
    rows = rows.annotate(answer=Subquery(said.values("answer")[:1]))
    rows = rows.annotate(
        **{
            f"is_{sign}": ExpressionWrapper(rule, output_field=BooleanField())
            for sign, rule in _rules(on, has_sponsor=Exists(sponsor)).items()
        }
    )
    each: Any = [Case(When(**{f"is_{sign}": True}, then=1), default=0) for sign in Sign]
    return rows.annotate(
        signs=ExpressionWrapper(sum(each[1:], each[0]), output_field=IntegerField())
    )


def _rules(on: date, *, has_sponsor: Exists) -> dict[Sign, Q]:
    is_member = Q(notice_on__isnull=False)
    quiet = Q(spoken_on=None) | Q(spoken_on__lt=on - SILENT)
    return {
        Sign.LEAVES: Q(answer=RenewalAnswerKind.LEAVES),
        Sign.AT_RISK: Q(health=Health.AT_RISK),
        Sign.UNPAID: Q(late_since__isnull=False),
        Sign.DISPUTED: Q(disputed__gt=0),
        Sign.SILENT: is_member & quiet,
        Sign.NO_SPONSOR: is_member & Q(~has_sponsor),
        Sign.UNUSED: Q(unused__gt=0),
        Sign.UNANSWERED: Q(notice_on__lte=on + ASKED)
        & (Q(answer=None) | Q(answer=RenewalAnswerKind.UNDECIDED)),
    }


@lru_cache(maxsize=4)
def _owing(on: date) -> Groups:
    """Return since when payment is missing that nobody disputes, and what is."""
    late = Q(due_on__lt=on - LATE, open_amount__gt=F("disputed"))
    return Groups(
        owed(on),
        "organization",
        late_since=Min("due_on", filter=late),
        disputed=sum_of("disputed"),
    )


@lru_cache(maxsize=4)
def _spoken(on: date) -> Groups:
    rows = Interaction.objects.standing().filter(held_on__lte=on)
    return Groups(rows, "organization", spoken_on=Max("held_on"))


@lru_cache(maxsize=4)
def _unused(on: date) -> Groups:
    rows: Any = Entitlement.objects.current(on=on).unused(on=on)
    return Groups(rows.filter(asked_on__lte=on), "organization", unused=Count("pk"))


@lru_cache(maxsize=4)
def _ending(on: date) -> Groups:
    """Return by when each member whose term has no next one gives notice."""
    rows: Any = Agreement.objects.in_force(on=on).without_successor()
    rows = rows.with_notice_by(on=on)
    return Groups(rows, "organization", notice_on=Min("notice_by"))
