"""What people hold back, and what the circuit breaker stopped."""

from typing import Any

import django_filters
from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from consortium.models import Organization
from inm_portal.kernel.forms import DayField, ReasonForm
from inm_portal.kernel.lists import Column, RecordList, Rows
from inm_portal.kernel.models import ReminderHold, ReminderStop
from inm_portal.kernel.reminders import breaker, by_hand
from inm_portal.kernel.reminders.breaker import title_of
from inm_portal.kernel.reminders.rules import rule_named, rules
from inm_portal.kernel.timeline import subjects_of_kinds
from inm_portal.kernel.views import CreateView, StepView, UseCaseView

from .frame import REMINDERS, frame
from .lists import OfReminder, rule_choices


def rung_choices() -> list[tuple[str, Any]]:
    """Return each rule, and each of its rungs, as one choice."""
    whole = [(rule.name, rule.title) for rule in rules()]
    single = [
        (f"{rule.name} {rung.key}", f"{rule.title}: {rung}")
        for rule in rules()
        for rung in rule.rungs
    ]
    return [("", _("All rules")), *whole, *single]


class ObjectHoldForm(ReasonForm):
    until_on = DayField(label=_("Until"), help_text=_("Up to and with this day."))
    field_order = ["until_on", "reason"]


class HoldForm(ObjectHoldForm):
    held = forms.ChoiceField(label=_("Rule"), choices=rung_choices, required=False)
    organization = forms.ModelChoiceField(
        Organization.objects.order_by("name"),
        label=_("Organization"),
        required=False,
        empty_label=_("All organizations"),
    )
    field_order = ["held", "organization", "until_on", "reason"]


class HoldFilter(django_filters.FilterSet):
    when = django_filters.ChoiceFilter(
        choices=[("in_force", _("In force")), ("over", _("Over"))],
        method="that_are",
        label=_("When"),
        empty_label=_("Any time"),
    )
    rule = django_filters.ChoiceFilter(choices=rule_choices, label=_("Rule"))

    class Meta:
        model = ReminderHold
        fields: list[str] = []

    def that_are(self, queryset, _name, when):
        in_force = queryset.in_force(on=timezone.localdate())
        if when == "in_force":
            return in_force
        return queryset.exclude(pk__in=in_force.values("pk"))


class HoldRows(Rows):
    queryset = ReminderHold.objects.select_related("held_by", "lifted_by")
    filter_class = HoldFilter
    default_sort = "-until"
    columns = [
        Column("what", _("What is held")),
        Column("until", _("Until"), ("until_on",)),
        Column("reason", _("Reason")),
        Column("by", _("By"), ("held_at",)),
        Column("lift", ""),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_permissions(self.user, "lift")


class HoldList(HoldRows, RecordList):
    template_name = "home/reminders/holds.html"
    noun = (_("hold"), _("holds"))
    extra_context = {
        "heading": _("Holds of reminders"),
        "empty_title": _("Nothing is held"),
        "empty_text": _(
            "Reminders of a rule, a company or an object can be held back."
        ),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        page.object_list = named(page.object_list)
        may_add = self.user.has_perm("kernel.add_reminderhold")
        today = timezone.localdate()
        around = frame(self.request) | {"may_add": may_add, "today": today}
        return super().get_context(page) | around


def named(rows: Any) -> list[ReminderHold]:
    """Return holds that say in words what they hold back."""
    holds = list(rows)
    keys = {hold.organization_key for hold in holds if hold.organization_key}
    companies = Organization.objects.in_bulk(keys)
    subjects = subjects_of_kinds((hold.subject_type, hold.subject_id) for hold in holds)
    for one in holds:
        hold: Any = one
        rule = rule_named(hold.rule)
        parts = [
            title_of(hold.rule) if hold.rule else "",
            str((rule and rule.rung(hold.rung)) or hold.rung),
            str(subjects.get((hold.subject_type, hold.subject_id), "")),
            str(companies.get(hold.organization_key or 0, "")),
        ]
        hold.words = ", ".join(part for part in parts if part)
    return holds


class HoldReminders(CreateView):
    permission = "kernel.add_reminderhold"
    form_class = HoldForm
    done = _("Held.")
    extra_context = {
        "heading": _("Hold reminders"),
        "breadcrumbs": [REMINDERS],
        "cancel_url": reverse_lazy("reminder_holds"),
        "submit_label": _("Hold"),
    }

    def perform(self, **data: Any) -> ReminderHold:
        rule, _space, rung = data.pop("held").partition(" ")
        organization = data.pop("organization")
        return by_hand.hold_reminders(
            **data,
            rule=rule,
            rung=rung,
            organization_key=organization and organization.pk,
            today=timezone.localdate(),
            by=self.user,
        )


class HoldObject(OfReminder):
    """Hold all reminders of one rule about one object."""

    action = "hold"
    form_class = ObjectHoldForm
    done = _("Held.")
    extra_context = {
        "heading": _("Hold these reminders"),
        "intro": _("All of this ladder wait: the mails and, at its end, the task."),
        "submit_label": _("Hold"),
    }

    def perform(self, **data: Any) -> ReminderHold:
        return by_hand.hold_reminders(
            **data,
            rule=self.object.rule,
            subject_type=self.object.subject_type,
            subject_id=self.object.subject_id,
            today=timezone.localdate(),
            by=self.user,
        )


class LiftHold(StepView):
    queryset = ReminderHold.objects.all()
    action = "lift"
    done = _("The hold was lifted.")

    def perform(self, hold: ReminderHold, /) -> ReminderHold:
        return by_hand.lift_hold(hold, at=timezone.now(), by=self.user)


class DecideStop(UseCaseView):
    """A decision on what the circuit breaker stopped."""

    queryset = ReminderStop.objects.all()
    form_class = ReasonForm
    extra_context: dict[str, Any] = {
        "breadcrumbs": [REMINDERS],
        "cancel_url": reverse_lazy("reminders"),
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = title_of(self.object.rule)
        return super().get_context_data(pretitle=rule, **kwargs)


class ReleaseStop(DecideStop):
    action = "release"
    done = _("Released: they go out in working hours.")
    extra_context = DecideStop.extra_context | {
        "heading": _("Release stopped reminders"),
        "intro": _("Each one still goes out only if it holds then."),
        "submit_label": _("Release"),
    }

    def perform(self, **data: Any) -> ReminderStop:
        return breaker.release_stop(
            self.object, **data, at=timezone.now(), by=self.user
        )


class CancelStopped(DecideStop):
    action = "cancel"
    done = _("Cancelled.")
    extra_context = DecideStop.extra_context | {
        "heading": _("Cancel stopped reminders"),
        "intro": _("None of them goes out; a later due date begins anew."),
        "submit_label": _("Cancel reminders"),
    }

    def perform(self, **data: Any) -> ReminderStop:
        return breaker.cancel_stopped(
            self.object, **data, at=timezone.now(), by=self.user
        )
