"""Ladders of the demo: one of a member, one of an invoice, one that is proposed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from inm_portal.accounts.models import User

from .. import services
from ..models import Contact, Invoice, Organization
from ..services import Told
from ..states import InvoiceState
from .credits import moment_of


def load(*, today: date) -> None:
    """Give a member and an invoice one of their own, and propose another of all."""
    finance = User.objects.get(email="finance@inm.example")
    now: Any = {"today": today, "at": moment_of(today), "by": finance}
    services.give_ladder(
        Organization.objects.get(name="Sanofi"),
        rungs=_with(plus_3={"days": 10, "wording": "gentle"}),
        until_on=today + timedelta(days=120),
        reason="Pays on the 10th of each month, whatever the due date",
        **now,
    )
    services.give_ladder(
        _disputed(),
        rungs=_with(plus_15={"is_task": True}, plus_30={"is_on": False}),
        until_on=today + timedelta(days=60),
        reason="While we talk about the hours, we call and do not write",
        **now,
    )
    services.propose_ladder(
        rungs=_with(plus_3={"days": 5}, hand_over={"days": 75}),
        first_on=today + timedelta(days=14),
        reason="Banks take two days more, and MIT AR asks for two weeks",
        based_on=None,
        **now,
    )
    _choose()


def _disputed() -> Invoice:
    rows = Invoice.objects.filter(state=InvoiceState.ISSUED, disputes__isnull=False)
    found: Invoice = rows.order_by("pk")[0]
    return found


def _choose() -> None:
    """Let a member hear of its invoices earlier, and its sponsor's colleague too."""
    siemens = Organization.objects.get(name="Siemens")
    readers = Contact.objects.current().filter(
        organization=siemens, email__startswith="council"
    )
    billing = User.objects.get(email="ap@siemens.example")
    services.choose_reminders(
        siemens, first_notice=21, readers=list(readers), version=0, by=billing
    )


def _with(**changes: dict[str, Any]) -> list[Told]:
    """Return the ladder that the portal begins with, with some rungs changed."""
    keys = {"plus_3": "+3", "plus_15": "+15", "plus_30": "+30"}
    keys["hand_over"] = "hand-over"
    told = {keys[name]: change for name, change in changes.items()}
    return [replace(one, **told.get(one.key, {})) for one in services.standard()]
