"""Who reads calls, and who takes them from one state to the next."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import (
    ANYONE,
    Rule,
    permission,
    staff,
    staff_or,
)

from ..models import PUBLIC_DATES, of_person
from ..states import PUBLISHED, CallState

DRAFT = Q(state=CallState.DRAFT)
OPEN = Q(state=CallState.OPEN)
#: Calls that still go on: their words and dates can be put right.
GOES_ON = ~Q(state__in=[CallState.ARCHIVED, CallState.CANCELLED])


@permission("seed_projects.view_call")
def view_call(user: Any) -> Q:
    """INM sees all; everybody who signs in what is published."""
    return staff_or(user, "seed_projects.view_call", lambda: Q(state__in=PUBLISHED))


for word in ["theme", "pillar"]:
    permission(f"seed_projects.view_{word}")(lambda _user: ANYONE)


def runs(where: Q = ANYONE) -> Rule:
    """Return the rule: who runs calls, of those that ``where`` picks."""
    return lambda user: where & staff("seed_projects.change_call")(user)


for action, where in {
    "change": GOES_ON,
    "prepare": DRAFT,
    "date": GOES_ON,
    "open": DRAFT,
    "close": OPEN,
    "reopen": Q(state=CallState.CLOSED),
    "review": Q(state=CallState.CLOSED),
    "decide": Q(state=CallState.IN_REVIEW),
    "archive": Q(state=CallState.DECIDED),
    "cancel": ~Q(state__in=[*PUBLISHED[3:], CallState.CANCELLED]),
    "reform": OPEN,
    "preview": ANYONE,
    "set_stage": DRAFT,
    "set_date": GOES_ON,
    "add_track": DRAFT,
    "add_rule": DRAFT,
    "choose_rubric": GOES_ON,
    "replace_form": OPEN,
}.items():
    permission(f"seed_projects.{action}_call")(runs(where))

permission("seed_projects.copy_call")(staff("seed_projects.add_call"))


@permission("seed_projects.extend_call")
def extend_call(user: Any) -> Q:
    return OPEN & staff("seed_projects.add_extension")(user)


@permission("seed_projects.grant_exception_call")
@permission("seed_projects.except_call")
def except_call(user: Any) -> Q:
    """Leave to apply is given until review begins."""
    early = Q(state__in=[CallState.DRAFT, CallState.OPEN, CallState.CLOSED])
    return early & staff("seed_projects.add_eligibilityexception")(user)


@permission("seed_projects.ask_call")
def ask_call(user: Any) -> Q:
    """Whoever signs in, while the call is open."""
    return OPEN


@permission("seed_projects.use_problem_call")
def use_problem_call(user: Any) -> Q:
    early = Q(state__in=[CallState.DRAFT, CallState.OPEN])
    return early & staff("seed_projects.change_call")(user)


@permission("seed_projects.view_extension")
def view_extension(user: Any) -> Q:
    """INM sees all; others what is for all, and what is theirs."""
    published = Q(stage__call__state__in=PUBLISHED)
    own = published & (Q(person=None) | of_person(user))
    return staff_or(user, "seed_projects.view_extension", lambda: own)


@permission("seed_projects.view_eligibilityexception")
def view_eligibilityexception(user: Any) -> Q:
    """INM sees all; others what was granted to them."""
    name = "seed_projects.view_eligibilityexception"
    return staff_or(user, name, lambda: of_person(user))


for part in ["callstage", "calldate", "track", "eligibilityrule"]:
    permission(f"seed_projects.remove_{part}")(
        lambda user: (
            Q(call__state=CallState.DRAFT) & staff("seed_projects.change_call")(user)
        )
    )


@permission("seed_projects.view_calldate")
def view_calldate(user: Any) -> Q:
    """INM sees every date; others those that are public, of published calls."""
    public = Q(call__state__in=PUBLISHED, kind__in=PUBLIC_DATES)
    return staff_or(user, "seed_projects.view_call", lambda: public)


for part in ["callstage", "track", "eligibilityrule"]:
    permission(f"seed_projects.view_{part}")(
        lambda user: staff_or(
            user,
            "seed_projects.view_call",
            lambda: Q(call__state__in=PUBLISHED),
        )
    )
