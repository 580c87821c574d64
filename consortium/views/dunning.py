"""The dunning log (report 22): what went when, to whom, and what did not, and why."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import ReminderDelivery
from inm_portal.kernel.reminders.outcomes import outcome_of, with_outcome
from inm_portal.kernel.reminders.rules import rule_named

from ..filters import DunningFilter
from ..models import DUES_RULE, Became, dunning_log

TONES = {
    Became.SENT: "green",
    Became.ON_ITS_WAY: "azure",
    Became.NOT_DELIVERED: "red",
    Became.TASK_OPEN: "blue",
    Became.TASK_DONE: "green",
    Became.BY_HAND: "green",
    Became.HELD: "orange",
    Became.DUE: "blue",
    Became.BREAKER: "red",
    Became.NOBODY: "red",
}


class DunningRows(Rows):
    """The rungs of the ladder of dues that fell due, the last first."""

    queryset = ReminderDelivery.objects.all()
    filter_class = DunningFilter
    default_sort = "-day"
    columns = [
        Column("day", _("Day"), ("planned_on",)),
        Column("invoice", _("Invoice"), ("invoice_number",)),
        Column("company", _("Member"), ("company",)),
        Column("rung", _("Rung"), ("days",)),
        Column("to", _("To, and copies"), ("address",)),
        Column("became", _("What became of it"), ("became",)),
    ]

    def get_queryset(self) -> Any:
        rows: Any = dunning_log(on=timezone.localdate())
        return rows.permitted(self.user, "view")


class DunningList(DunningRows, RecordList):
    template_name = "consortium/dunning_list.html"
    noun = (_("rung"), _("rungs"))
    export_url = reverse_lazy("consortium:export_dunning")
    extra_context = {
        "heading": _("Dunning log"),
        "empty_title": _("Nothing fell due"),
        "empty_text": _("Each reminder of dues that fell due stands here."),
    }

    def get_queryset(self) -> Any:
        return with_outcome(super().get_queryset(), on=timezone.localdate())

    def get_context(self, page: Any) -> dict[str, Any]:
        page.object_list = [told(one) for one in page.object_list]
        return super().get_context(page)


def told(delivery: Any) -> Any:
    """Return a delivery with what the log says of it in words."""
    rule = rule_named(DUES_RULE)
    rung = rule.rung(delivery.rung) if rule else None
    what = Became(delivery.became)
    delivery.step = str(rung or delivery.rung)
    delivery.is_task = bool(rung and rung.is_task)
    delivery.label, delivery.tone = what.label, TONES.get(what, "gray")
    delivery.sentence = outcome_of(delivery, on=timezone.localdate()).sentence
    return delivery


class ExportDunning(DunningRows, RecordExport):
    name = "dunning-log"
    export_columns = {
        "id": "pk",
        "planned_on": "planned_on",
        "invoice": "invoice_number",
        "organization": exports.text("company"),
        "rung": "rung",
        "days_after_due": "days",
        "due_on": "anchor_on",
        "to": exports.text("address"),
        "person": exports.text("person__name"),
        "copies": exports.text("copied_to"),
        "ladder_version": "variant",
        "became": "became",
        "reason": "reason",
        "note": exports.text("note"),
        "settled_at": "settled_at",
        "by_hand": exports.text("acted_by__name"),
        "sent_at": "message__sent_at",
        "subject": exports.text("message__subject"),
        "task_done_at": "task__done_at",
        "task_outcome": exports.text("task__outcome"),
    }
