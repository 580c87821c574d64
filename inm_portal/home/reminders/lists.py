"""What goes out in the next 60 days, what went out before, and one of them."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from consortium.models import Organization
from inm_portal.kernel import exports
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import (
    PENDING,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
)
from inm_portal.kernel.reminders import by_hand
from inm_portal.kernel.reminders.breaker import title_of
from inm_portal.kernel.reminders.outcomes import outcome_of, with_outcome
from inm_portal.kernel.reminders.rules import rule_named, rules
from inm_portal.kernel.reminders.wording import (
    Subjects,
    letter_of,
    lines_of,
    subjects_of,
)
from inm_portal.kernel.views import RecordDetail, UseCaseView

from .frame import REMINDERS, frame

#: Other reminders of a day that a preview shows together.
TOGETHER = 50


def rule_choices() -> list[tuple[str, Any]]:
    return [(rule.name, rule.title) for rule in rules()]


class ReminderFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="of_words", label=_("Person or company"))
    rule = django_filters.ChoiceFilter(choices=rule_choices, label=_("Rule"))
    organization = KeyFilter(field_name="organization_key", label=_("Organization"))

    class Meta:
        model = ReminderDelivery
        fields: list[str] = []

    def of_words(self, queryset, _name, text):
        companies = Organization.objects.matching(text)
        return queryset.filter(
            Q(person__name__icontains=text)
            | Q(address__icontains=text)
            | Q(organization_key__in=companies.values("pk"))
        )


class PastFilter(ReminderFilter):
    state = django_filters.ChoiceFilter(choices=ReminderState, label=_("Outcome"))
    reason = django_filters.ChoiceFilter(choices=ReminderReason, label=_("Why not"))


class ReminderRows(Rows):
    """What is planned, or stopped; the oldest first."""

    queryset = ReminderDelivery.objects.filter(state__in=PENDING)
    filter_class = ReminderFilter
    default_sort = "day"
    columns = [
        Column("day", _("Day"), ("planned_on",)),
        Column("subject", _("Reminder")),
        Column("organization", _("Organization")),
        Column("to", _("To"), ("address",)),
        Column("outcome", _("State")),
    ]


class ReminderCalendar(ReminderRows, RecordList):
    template_name = "home/reminders/calendar.html"
    noun = (_("reminder"), _("reminders"))
    export_url = reverse_lazy("export_reminders")
    extra_context = {
        "heading": _("Reminders"),
        "empty_title": _("Nothing falls due"),
        "empty_text": _("What goes out in the next 60 days stands here, by day."),
    }

    def get_queryset(self) -> Any:
        return for_pages(super().get_queryset())

    def get_context(self, page: Any) -> dict[str, Any]:
        page.object_list = told(page.object_list)
        return super().get_context(page) | frame(self.request)


class PastRows(ReminderRows):
    queryset = ReminderDelivery.objects.exclude(state__in=PENDING)
    filter_class = PastFilter
    default_sort = "-day"


class PastReminders(PastRows, ReminderCalendar):
    export_url = reverse_lazy("export_past_reminders")
    extra_context = {
        "heading": _("Past reminders"),
        "empty_title": _("Nothing yet"),
        "empty_text": _("What was sent, skipped or cancelled stands here."),
    }


class ExportReminders(ReminderRows, RecordExport):
    name = "reminders"
    export_columns = {
        "id": "pk",
        "rule": "rule",
        "rung": "rung",
        "subject_type": "subject_type",
        "subject_id": "subject_id",
        "organization": "organization_key",
        "cycle": "cycle",
        "counted_from": "anchor_on",
        "planned_on": "planned_on",
        "to": exports.text("address"),
        "state": "state",
        "reason": "reason",
        "settled_at": "settled_at",
    }


class ExportPastReminders(PastRows, ExportReminders):
    name = "past-reminders"


def for_pages(rows: Any) -> Any:
    """Read with deliveries what came of them, and the ``company`` by name."""
    company = Organization.objects.filter(pk=OuterRef("organization_key"))
    named = rows.annotate(company=Subquery(company.values("name")))
    return with_outcome(named, on=timezone.localdate())


def told(rows: Any, subjects: Subjects | None = None) -> list[ReminderDelivery]:
    """Return deliveries with their objects, and their outcomes in words."""
    deliveries, today = list(rows), timezone.localdate()
    subjects = subjects_of(deliveries) if subjects is None else subjects
    for one in deliveries:
        row: Any = one
        row.subject = subjects.get((one.rule, one.subject_id))
        row.title, row.step = titles_of(one)
        row.outcome = outcome_of(one, on=today)
    return deliveries


def titles_of(delivery: ReminderDelivery) -> tuple[str, str]:
    """Return what the rule and the rung of a delivery are called."""
    rule = rule_named(delivery.rule)
    rung = rule and rule.rung(delivery.rung)
    return title_of(delivery.rule), str(rung or delivery.rung)


class ReminderDetail(RecordDetail):
    queryset = ReminderDelivery.objects.all()
    template_name = "home/reminders/detail.html"
    buttons = ("hold", "fill")

    def get_queryset(self) -> Any:
        return for_pages(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        together = mailed_together(self.object)
        subjects = subjects_of([self.object, *together])
        (delivery,) = told([self.object], subjects)
        rule = rule_named(delivery.rule)
        lines = lines_of(together, subjects)
        return super().get_context_data(
            heading=titles_of(delivery)[0],
            breadcrumbs=[REMINDERS],
            delivery=delivery,
            rung=rule and rule.rung(delivery.rung),
            letter=delivery.message or (lines and letter_of(lines)),
            **kwargs,
        )


def mailed_together(delivery: ReminderDelivery) -> Sequence[ReminderDelivery]:
    """Return what goes to the same address on the same day; nothing once it went."""
    if delivery.message is not None:
        return []
    rule = rule_named(delivery.rule)
    if not delivery.address or rule is None or delivery.rung in rule.task_rungs:
        return [delivery]
    day = ReminderDelivery.objects.filter(
        address=delivery.address, planned_on=delivery.planned_on, state__in=PENDING
    )
    for one in rules():
        day = day.exclude(rule=one.name, rung__in=one.task_rungs)
    rows = day.select_related("person").order_by("anchor_on", "pk")
    return list(rows[:TOGETHER]) or [delivery]


class FillReminder(UseCaseView):
    queryset = ReminderDelivery.objects.all()
    action = "fill"
    form_class = ReasonForm
    done = _("Noted: the portal does not send it.")
    extra_context = {
        "heading": _("Seen to by hand"),
        "intro": _("The portal does not send this reminder any more."),
        "submit_label": _("Note"),
        "breadcrumbs": [REMINDERS],
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cancel_url = self.object.get_absolute_url()
        return super().get_context_data(cancel_url=cancel_url, **kwargs)

    def perform(self, **data: Any) -> ReminderDelivery:
        return by_hand.fill_reminder(
            self.object, note=data["reason"], at=timezone.now(), by=self.user
        )
