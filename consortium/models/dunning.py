"""The dunning log: each rung of dues that fell due, and what became of it."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import (
    Case,
    Exists,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext as _

from inm_portal.kernel.models import (
    MessageState,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
)
from inm_portal.kernel.models.reminders import holds_of_row

from .chasing import DUES_RULE
from .invoices import InvoiceLine
from .organizations import Organization


class Became(models.TextChoices):
    """What became of a rung, as the log sorts it."""

    SENT = "sent", _("Sent")
    ON_ITS_WAY = "on_its_way", _("Written, not sent yet")
    NOT_DELIVERED = "not_delivered", _("Not delivered")
    TASK_OPEN = "task_open", _("Task, open")
    TASK_DONE = "task_done", _("Task, done")
    BY_HAND = "by_hand", _("Seen to by hand")
    HELD = "held", _("Held")
    DUE = "due", _("Due")
    BREAKER = "breaker", _("Waits for a person")
    STOPPED = "stopped", _("Stopped")
    NOBODY = "nobody", _("Nobody to send it to")
    PASSED = "passed", _("Passed over")


#: What a mail that went wrong is.
LOST = [MessageState.FAILED, MessageState.UNCLEAR, MessageState.CANCELLED]


def became(*, on: date) -> Case:
    """Return what became of a delivery, as things stand on a day."""
    state, reason = ReminderState, ReminderReason
    told = [
        (Q(state=state.WRITTEN, message__state=MessageState.SENT), Became.SENT),
        (Q(state=state.WRITTEN, message__state__in=LOST), Became.NOT_DELIVERED),
        (Q(state=state.WRITTEN), Became.ON_ITS_WAY),
        (Q(state=state.TASK, task__done_at=None), Became.TASK_OPEN),
        (Q(state=state.TASK), Became.TASK_DONE),
        (Q(state=state.FILLED), Became.BY_HAND),
        (Q(state=state.STOPPED), Became.BREAKER),
        (Q(Exists(holds_of_row(on)), state=state.PLANNED), Became.HELD),
        (Q(state=state.PLANNED), Became.DUE),
        (Q(reason=reason.NOT_TRUE), Became.STOPPED),
        (Q(reason=reason.NOBODY), Became.NOBODY),
    ]
    whens = [When(condition, then=Value(what.value)) for condition, what in told]
    return Case(
        *whens,
        default=Value(Became.PASSED.value),
        output_field=models.CharField(),
    )


def dunning_log(*, on: date) -> QuerySet[ReminderDelivery]:
    """
    Return the rungs of the ladder of dues that fell due by a day, or were acted on.

    Each is annotated with ``became``, ``invoice_id``, ``invoice_number``,
    ``line`` (what it asks for), ``company`` and ``copied_to``.
    """
    line = InvoiceLine.objects.filter(pk=OuterRef("subject_id"))
    member = Organization.objects.filter(pk=OuterRef("organization_key"))
    acted: list[Any] = [ReminderState.FILLED, ReminderState.WRITTEN, ReminderState.TASK]
    return ReminderDelivery.objects.filter(
        Q(planned_on__lte=on) | Q(state__in=acted), rule=DUES_RULE
    ).annotate(
        became=became(on=on),
        invoice_id=Subquery(line.values("invoice")[:1]),
        line=Subquery(line.values("description")[:1]),
        invoice_number=Subquery(line.values("invoice__number")[:1]),
        company=Subquery(member.values("name")[:1]),
        copied_to=Func(
            "copies",
            Value(", "),
            function="array_to_string",
            output_field=models.TextField(),
        ),
    )
