"""Every state of seed projects: those that rows keep, and those that dates derive."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _

#: The color of a state's badge where it is not gray.
TONES = {"draft": "yellow", "scheduled": "azure", "open": "green", "closed": "blue"}
TONES |= {"in_review": "azure", "decided": "green", "cancelled": "red"}
TONES |= {"submitted": "green", "returned": "orange", "sent": "green"}


class State(TextChoices):
    """States that pages show as badges."""

    @property
    def tone(self) -> str:
        return TONES.get(self.value, "gray")


class CallState(State):
    """
    How far a call has come.

    A call that is open takes proposals only between the instants of its stages, as
    extended: whether it does so now is derived (`CallStatus`), never kept.
    """

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    IN_REVIEW = "in_review", _("In review")
    DECIDED = "decided", _("Decided")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Cancelled")


CALL_STEPS = {
    CallState.DRAFT: [CallState.OPEN, CallState.CANCELLED],
    CallState.OPEN: [CallState.CLOSED, CallState.CANCELLED],
    CallState.CLOSED: [
        CallState.OPEN,  # reopened, with a reason and a later deadline
        CallState.IN_REVIEW,
        CallState.CANCELLED,
    ],
    CallState.IN_REVIEW: [CallState.DECIDED, CallState.CANCELLED],
    CallState.DECIDED: [CallState.ARCHIVED],
    CallState.ARCHIVED: [],
    CallState.CANCELLED: [],
}

#: The states in which everybody may know of a call.
PUBLISHED = [
    CallState.OPEN,
    CallState.CLOSED,
    CallState.IN_REVIEW,
    CallState.DECIDED,
    CallState.ARCHIVED,
]


class CallStatus(State):
    """What a call is at an instant, derived from its state and its stages."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Opens soon")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    IN_REVIEW = "in_review", _("In review")
    DECIDED = "decided", _("Decided")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Cancelled")


class ProposalState(State):
    """How far a proposal has come; only a draft is written."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned without review")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PROPOSAL_STEPS = {
    ProposalState.DRAFT: [
        ProposalState.SUBMITTED,
        ProposalState.RETURNED,  # what was asked for did not come in time
    ],
    ProposalState.SUBMITTED: [
        ProposalState.DRAFT,  # taken back before the deadline, or sent back
        ProposalState.IN_REVIEW,
        ProposalState.RETURNED,
        ProposalState.WITHDRAWN,
    ],
    ProposalState.IN_REVIEW: [
        ProposalState.SUBMITTED,  # undone before anybody heard of it
        ProposalState.WITHDRAWN,
    ],
    ProposalState.RETURNED: [
        ProposalState.SUBMITTED,  # undone, or upon an appeal
    ],
    ProposalState.WITHDRAWN: [
        ProposalState.DRAFT,  # wanted back before the deadline
    ],
}


#: The states of what was handed in, and counts towards what a person may hand in.
HANDED_IN = [ProposalState.SUBMITTED, ProposalState.IN_REVIEW]


class ScreeningState(State):
    """A proposal's state as the office says it, which sees no draft but its own."""

    SUBMITTED = "submitted", _("To be screened")
    DRAFT = "draft", _("Sent back")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned without review")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LetterState(State):
    DRAFT = "draft", _("Not sent")
    SENT = "sent", _("Sent")


LETTER_STEPS = {LetterState.DRAFT: [LetterState.SENT], LetterState.SENT: []}
