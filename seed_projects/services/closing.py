"""Close calls by themselves, once nobody can hand anything in any more."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from inm_portal.kernel import mails
from inm_portal.kernel.errors import Refusal

from ..models import Call, Extension, Proposal
from ..states import HANDED_IN, CallState
from .notices import ask_to_screen
from .opening import close_call

logger = logging.getLogger(__name__)


def due_to_close(*, at: datetime) -> list[Call]:
    """Return open calls whose last deadline, of anybody, and its grace are over."""
    calls = Call.objects.filter(state=CallState.OPEN)
    longer = Extension.objects.filter(stage__call__in=calls).order_by()
    until = dict(longer.values_list("stage__call").annotate(Max("until_at")))
    found = calls.annotate(last=Max("stages__closes_at"))
    return [
        call
        for call in found.order_by("pk")
        if call.last is not None
        and max(call.last, until.get(call.pk, call.last))
        + timedelta(minutes=call.grace_minutes)
        < at
    ]


def close_due_calls(*, at: datetime) -> list[Call]:
    """
    Close what is due, each in a transaction of its own; safe to run twice.

    The office is asked to screen, and the call's contact hears how many came.
    """
    closed = []
    for call in due_to_close(at=at):
        try:
            closed.append(_close(call, at=at))
        except Refusal as refusal:
            # Somebody closed it meanwhile, or gave more time.
            logger.info("Call %s stays open: %s", call.pk, refusal.code)
    return closed


@transaction.atomic
def _close(call: Call, *, at: datetime) -> Call:
    call = close_call(call, at=at, by=None)
    ask_to_screen(call, at=at)
    count = Proposal.objects.filter(call=call, state__in=HANDED_IN).count()
    mails.write(
        "seed_projects/mail/call_closed",
        to=call.contact_email,
        slot=at.isoformat(),
        at=at,
        about=call,
        context={"call": call, "handed_in": str(count)},
    )
    return call
