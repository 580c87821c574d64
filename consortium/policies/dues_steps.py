"""Who decides on long overdue dues, and who reads what was done about them."""

from typing import Any

from django.db.models import Q

from inm_portal.kernel.permissions import ANYONE, permission, staff
from inm_portal.kernel.tasklist import kept_from

from ..models import DUES_RULE
from ..states import InvoiceState, NoteState
from .separation import unbarred

IS_ISSUED = Q(state=InvoiceState.ISSUED)

permission("consortium.view_duesstep")(staff("consortium.view_duesstep"))
permission("consortium.view_duesexception")(staff("consortium.view_duesexception"))
permission("consortium.view_sponsornote")(staff("consortium.view_sponsornote"))


@permission("consortium.decide_dues_invoice")
@permission("consortium.tell_steering_invoice")
def decide_dues_invoice(user: Any) -> Q:
    """A director who has no interest in the member."""
    return IS_ISSUED & unbarred(user, "consortium.add_duesstep")


@permission("consortium.hand_over_invoice")
def hand_over_invoice(user: Any) -> Q:
    """Finance, with no interest in the member."""
    return IS_ISSUED & unbarred(user, "consortium.change_invoice")


@permission("consortium.change_sponsornote")
@permission("consortium.send_sponsornote")
@permission("consortium.decline_sponsornote")
def change_sponsornote(user: Any) -> Q:
    """A director who has no interest in the member, while it is a draft."""
    member = "invoice__organization"
    is_draft = Q(state=NoteState.DRAFT)
    return is_draft & unbarred(user, "consortium.change_sponsornote", member)


@kept_from(f"{DUES_RULE}.hand-over")
@kept_from(f"{DUES_RULE}.note")
@kept_from(f"{DUES_RULE}.decide")
@kept_from(f"{DUES_RULE}.steering")
def recorded_elsewhere(_user: Any) -> Q:
    """These end by what is recorded at the invoice, and not by a word on the task."""
    return ANYONE
