"""What goes out in the next 60 days, what went out before, and one of them."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from consortium.models import Organization
from inm_portal.kernel import exports
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import (
    PENDING,
    Letter,
    ReminderDelivery,
    ReminderReason,
    ReminderState,
)
from inm_portal.kernel.permissions import page_for
from inm_portal.kernel.reminders import by_hand
from inm_portal.kernel.reminders.breaker import title_of
from inm_portal.kernel.reminders.outcomes import outcome_of, with_outcome
from inm_portal.kernel.reminders.rules import rule_named, rules
from inm_portal.kernel.reminders.wording import (
    Line,
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
    reason = django_filters.ChoiceFilter(choices=ReminderReason, label=_("Reason"))


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
        delivery: Any = told([self.object], subjects)[0]
        return super().get_context_data(
            heading=titles_of(delivery)[0],
            breadcrumbs=[REMINDERS],
            delivery=delivery,
            subject_url=page_for(self.user, delivery.subject),
            letter=self.letter(delivery, lines_of(together, subjects)),
            letter_is=what_letter(delivery),
            **kwargs,
        )

    def letter(self, delivery: ReminderDelivery, lines: Sequence[Line]) -> Any:
        """Return the mail as it went out, or would go out with all of its day."""
        if delivery.message is not None:
            return delivery.message
        if lines and is_task(delivery):
            return Letter(lines[0].item.what, lines[0].item.why)
        return letter_of(lines) if lines else None


def what_letter(delivery: ReminderDelivery) -> str:
    """Return in words what the preview of a reminder shows."""
    if delivery.message is not None:
        return _("The mail as written")
    if is_task(delivery):
        return _("What the task says")
    if delivery.is_pending:
        return _("The mail as it would read today, with all that goes out with it")
    return _("What the mail would have said")


def is_task(delivery: ReminderDelivery) -> bool:
    rule = rule_named(delivery.rule)
    return rule is not None and delivery.rung in rule.task_rungs


def mailed_together(delivery: ReminderDelivery) -> Sequence[ReminderDelivery]:
    """Return what goes to the same address on the same day; nothing once it went."""
    if delivery.message is not None:
        return []
    if not (delivery.address and delivery.is_pending) or is_task(delivery):
        return [delivery]
    day = ReminderDelivery.objects.filter(
        address=delivery.address, planned_on=delivery.planned_on, state__in=PENDING
    )
    for one in rules():
        day = day.exclude(rule=one.name, rung__in=one.task_rungs)
    rows = day.select_related("person").order_by("anchor_on", "pk")
    return list(rows[:TOGETHER]) or [delivery]


class OfReminder(UseCaseView):
    """A form about a reminder, which says at its head what it is about."""

    queryset = ReminderDelivery.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        delivery: Any
        (delivery,) = told(for_pages(self.queryset.filter(pk=self.object.pk)))
        page = delivery.get_absolute_url()
        return super().get_context_data(
            pretitle=delivery.subject,
            breadcrumbs=[REMINDERS, (delivery.title, page)],
            cancel_url=page,
            **kwargs,
        )


class NoteForm(forms.Form):
    reason = forms.CharField(label=_("What was done"), max_length=500)


class FillReminder(OfReminder):
    action = "fill"
    form_class = NoteForm
    done = _("Noted: the portal does not send it.")
    extra_context = {
        "heading": _("Seen to by hand"),
        "intro": _("The portal does not send this reminder any more."),
        "submit_label": _("Save"),
    }

    def perform(self, **data: Any) -> ReminderDelivery:
        return by_hand.fill_reminder(
            self.object, note=data["reason"], at=timezone.now(), by=self.user
        )
