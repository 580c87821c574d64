"""Decide on what somebody proposed; where it takes two, that is somebody else."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel.errors import Refusal

from ..models import TwoPeople
from ..states import ActState


class TakesTwo(Refusal):
    code = "takes_two"


class SaysNoReason(Refusal):
    code = "says_no_reason"
    field = "reason"


def require_reason(reason: str) -> None:
    """
    :raises SaysNoReason: if there is none.
    """
    if not reason.strip():
        raise SaysNoReason(_("Say why."))


def decide(act: TwoPeople, state: ActState, *, by: User) -> None:
    """
    Move an act that the caller holds; `keep` writes it once all else is there.

    :raises IllegalTransition: if it was decided already.
    :raises TakesTwo: if ``by`` proposed what they would record, by any account.
    """
    act.move_to(state)
    is_recorded = state == ActState.RECORDED
    if is_recorded and act.takes_two and by.is_same_person(act.proposed_by):
        raise TakesTwo(_("Who proposed it does not record it: that takes two people."))


def keep(act: TwoPeople, *, at: datetime, by: User, **fields: Any) -> None:
    """Write what was decided on an act."""
    fields |= {"decided_by": by, "decided_at": at}
    for name, value in fields.items():
        setattr(act, name, value)
    act.save(update_fields=["state", *fields])


def refuse(act: TwoPeople, *, at: datetime, by: User) -> None:
    """
    Leave out what was proposed; the caller holds it.

    :raises IllegalTransition: if it was decided already.
    """
    decide(act, ActState.REFUSED, by=by)
    keep(act, at=at, by=by)
