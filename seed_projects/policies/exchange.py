"""Who states problems, asks about calls, and answers."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from consortium.models import ContactRole
from consortium.ties import companies_of, contacts_in
from inm_portal.kernel.permissions import permission, staff, staff_or

from ..states import PUBLISHED

#: Who speaks for a member about what it would have researched.
SPEAKERS = [ContactRole.SPONSOR, ContactRole.TECHNICAL, ContactRole.COUNCIL]


def companies_that_state(user: Any) -> Collection[int]:
    """Return the keys of those for which ``user`` states problems."""
    return [c.organization_id for c in contacts_in(user, SPEAKERS)]


@permission("consortium.state_problem_organization")
def state_problem_organization(user: Any) -> Q:
    return staff_or(
        user,
        "seed_projects.change_call",
        lambda: Q(pk__in=companies_that_state(user)),
    )


@permission("seed_projects.view_problemstatement")
def view_problemstatement(user: Any) -> Q:
    return staff_or(
        user,
        "seed_projects.view_problemstatement",
        lambda: Q(organization__in=companies_of(user)),
    )


@permission("seed_projects.withdraw_problemstatement")
def withdraw_problemstatement(user: Any) -> Q:
    """Before it stands in a call; there it is public already."""
    return Q(withdrawn_at=None, uses=None) & staff_or(
        user,
        "seed_projects.change_call",
        lambda: Q(organization__in=companies_that_state(user)),
    )


@permission("seed_projects.view_callquestion")
def view_callquestion(user: Any) -> Q:
    """INM reads all; others what was answered, and what they asked."""
    read = Q(answered_at__isnull=False, call__state__in=PUBLISHED) | Q(asked_by=user)
    return staff_or(user, "seed_projects.view_callquestion", lambda: read)


for action in ["answer", "publish"]:
    permission(f"seed_projects.{action}_callquestion")(
        staff("seed_projects.change_callquestion")
    )
