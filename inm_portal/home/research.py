"""What a researcher finds at home: calls to answer, and proposals with a part in."""

from typing import Any

from django.utils import timezone

from seed_projects.models import (
    AuthorRole,
    Call,
    Proposal,
    ProposalPerson,
    as_told,
    with_deadline,
)
from seed_projects.states import ProposalState

#: As many proposals and calls stand at home; their lists have the rest.
SHOWN = 5


def of_researcher(user: Any) -> dict[str, Any]:
    """
    Return the calls that take proposals, one's own proposals, and what asks for a word.

    Drafts come first, the next deadline before the others.
    """
    now = timezone.now()
    parts = ProposalPerson.objects.filter(person=user)
    rows: Any = Proposal.objects.filter(pk__in=parts.values("proposal"))
    rows = with_deadline(as_told(rows.select_related("call"), at=now))
    drafts = rows.filter(state=ProposalState.DRAFT, deadline_at__gte=now)
    found = list(drafts.order_by("deadline_at", "pk")[:SHOWN])
    if len(found) < SHOWN:
        others = rows.exclude(pk__in=[one.pk for one in found])
        found += others.order_by("-pk")[: SHOWN - len(found)]
    for proposal in found:
        proposal.told = ProposalState(proposal.told_state)
        proposal.is_due = proposal.is_draft and proposal.deadline_at >= now
    asked = parts.filter(role=AuthorRole.CO_PI, confirmed_at=None)
    asked = asked.exclude(proposal__state=ProposalState.WITHDRAWN)
    calls: Any = Call.objects.taking(at=now)
    return {
        "calls": list(calls.order_by("closes_at", "pk")[:SHOWN]),
        "proposals": found,
        "parts": list(asked.select_related("proposal").order_by("pk")[:SHOWN]),
    }
