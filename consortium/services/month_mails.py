"""Tell by mail of months that somebody wants to open again."""

from datetime import datetime
from typing import Any

from inm_portal.accounts.models import User
from inm_portal.kernel import mails

from ..models import PeriodReopening
from ..states import ActState
from .second_person import those_who_may


def ask_to_agree(reopening: PeriodReopening, *, at: datetime, by: User) -> None:
    """Ask those who may open months, other than who proposed it."""
    told = {"name": by.name, "reason": reopening.reason}
    for person in those_who_may("reopen_periodclose", besides=by):
        _write("reopening_asked", reopening, to=person, at=at, **told)


def tell_who_asked(reopening: PeriodReopening, *, at: datetime, by: User) -> None:
    """Tell who proposed it what somebody else decided."""
    proposer = reopening.proposed_by.survivor
    if proposer.is_active and not by.is_same_person(proposer):
        is_open = reopening.state == ActState.RECORDED
        told = {"name": by.name, "is_open": is_open}
        _write("reopening_decided", reopening, to=proposer, at=at, **told)


def _write(
    kind: str, reopening: PeriodReopening, *, to: User, at: datetime, **more: Any
) -> None:
    month = reopening.close.month
    mails.write(
        f"consortium/mail/{kind}",
        to=to,
        about=reopening,
        slot=kind,
        at=at,
        context={"month": f"{month:%B %Y}", "key": f"{month:%Y-%m}"} | more,
    )
