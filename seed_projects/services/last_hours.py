"""Tell the PI of a draft once more, hours before its deadline."""

from datetime import datetime, timedelta

from django.db import transaction

from inm_portal.kernel import claims, mails
from inm_portal.kernel.models import Message

from ..models import Proposal, with_deadline
from ..states import CallState, ProposalState
from .drafts import pi_of
from .opening import in_zone

#: So long before the deadline (`domain.md` 9).
LAST = timedelta(hours=4)
KIND = "seed_projects/mail/last_hours"


def tell_of_last_hours(*, at: datetime) -> None:
    """
    Write to the PI of each draft whose deadline is less than four hours away.

    A deadline is told of once, a later one again; whoever was told by an earlier
    run, or a run beside this one, is not told twice.
    """
    rows = with_deadline(Proposal.objects.filter(state=ProposalState.DRAFT))
    rows = rows.filter(
        call__state=CallState.OPEN, deadline_at__gt=at, deadline_at__lte=at + LAST
    )
    for proposal in rows.select_related("call").order_by("pk"):
        with transaction.atomic():
            _tell(proposal, at=at)


def _tell(proposal: Proposal, *, at: datetime) -> None:
    pi = pi_of(proposal)
    if not pi.is_active:
        return
    deadline = proposal.deadline_at  # type: ignore[attr-defined]
    mails.write(
        KIND,
        to=pi,
        slot=deadline.isoformat(),
        at=at,
        about=proposal,
        expires_at=deadline,
        context={
            "proposal": proposal,
            "call": proposal.call,
            "deadline": in_zone(deadline, proposal.call),
        },
    )


@claims.rechecked(KIND)
def while_a_draft(message: Message, *, at: datetime) -> str:
    """Return why the mail is not sent: it was submitted meanwhile."""
    is_draft = Proposal.objects.filter(
        pk=message.about_id or 0, state=ProposalState.DRAFT
    ).exists()
    return "" if is_draft else str(ProposalState.SUBMITTED.label)
