"""What the page of an invoice tells of holds, notes and decisions, read with it."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from inm_portal.kernel.models import ReminderHold

from ..models import DuesStep, InvoiceLine, SponsorNote
from ..services.reminding import holding, told_once

#: So many steps, notes and holds a page shows; the lists have the rest.
SHOWN = 5

STEP = ["id", "kind", "on", "reason", "reference"]
NOTE = ["id", "state", "is_needed"]
HOLD = ["id", "rule", "rung", "subject_id", "organization_key", "reason"]
HOLD += ["until_on", "held_at"]


def with_last_rungs(invoices: Any, *, on: date) -> Any:
    """Read with invoices what people did at the end of their ladders."""
    of_row = {"invoice": OuterRef("pk")}
    lines = InvoiceLine.objects.filter(invoice=OuterRef(OuterRef("pk"))).values("pk")
    steps = DuesStep.objects.filter(**of_row).order_by("-pk")
    notes = SponsorNote.objects.filter(**of_row).with_need().order_by("-pk")
    holds = holding(lines, OuterRef("organization"), on=on)
    return invoices.annotate(
        told_steps=_as_json(steps, *STEP, by="recorded_by__name"),
        told_notes=_as_json(notes, *NOTE),
        told_holds=_as_json(holds, *HOLD, by="held_by__name"),
    )


def _as_json(rows: Any, *names: str, **renamed: str) -> ArraySubquery:
    fields = {name: F(name) for name in names}
    fields |= {name: F(path) for name, path in renamed.items()}
    told = JSONObject(**fields)
    return ArraySubquery(rows.annotate(told=told).values("told")[:SHOWN])


#: How what JSON cannot hold is read.
READ: dict[str, Any] = {
    "on": date.fromisoformat,
    "until_on": date.fromisoformat,
    "held_at": datetime.fromisoformat,
}


def steps_told(invoice: Any) -> list[DuesStep]:
    """Return the last steps about an invoice, each with who took it as ``by``."""
    return [_made(DuesStep(), one) for one in invoice.told_steps]


def notes_told(invoice: Any) -> list[SponsorNote]:
    return [_made(SponsorNote(), one) for one in invoice.told_notes]


def holds_told(invoice: Any) -> list[ReminderHold]:
    """Return what holds the reminders of an invoice, each with who holds as ``by``."""
    return told_once(_made(ReminderHold(), one) for one in invoice.told_holds)


def _made(row: Any, told: dict[str, Any]) -> Any:
    for name, value in told.items():
        setattr(row, name, READ[name](value) if name in READ else value)
    return row
