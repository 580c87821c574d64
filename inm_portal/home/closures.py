"""The days on which the office is closed, and so sends no reminders."""

from typing import Any

import django_filters
from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.forms import DayField
from inm_portal.kernel.lists import Column, RecordList
from inm_portal.kernel.models import Closure
from inm_portal.kernel.reminders import by_hand
from inm_portal.kernel.reminders.business_days import WEEKEND, public_holidays
from inm_portal.kernel.views import CreateView, StepView

from .reminders.frame import REMINDERS, frame


class ClosureForm(forms.Form):
    on = DayField(label=_("Day"))
    name = forms.CharField(label=_("Why"), max_length=100)


class ClosureFilter(django_filters.FilterSet):
    since = django_filters.DateFilter("on", "gte", label=_("Since"))
    until = django_filters.DateFilter("on", "lte", label=_("Until"))

    class Meta:
        model = Closure
        fields: list[str] = []


class ClosureList(RecordList):
    queryset = Closure.objects.select_related("added_by", "withdrawn_by")
    filter_class = ClosureFilter
    template_name = "home/reminders/closures.html"
    noun = (_("closure"), _("closures"))
    default_sort = "-day"
    columns = [
        Column("day", _("Day"), ("on",)),
        Column("why", _("Why"), ("name",)),
        Column("by", _("Added by")),
        Column("withdraw", ""),
    ]
    extra_context = {
        "heading": _("Closures"),
        "empty_title": _("No closures of our own"),
        "empty_text": _("Weekends and public holidays are known to the portal."),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_permissions(self.user, "withdraw")

    def get_context(self, page: Any) -> dict[str, Any]:
        today = timezone.localdate()
        coming = sorted(
            (public_holidays(today.year) | public_holidays(today.year + 1)).items()
        )
        return super().get_context(page) | {
            "may_add": self.user.has_perm("kernel.add_closure"),
            "holidays": [
                (day, name)
                for day, name in coming
                if day >= today and day.weekday() not in WEEKEND
            ],
            **frame(self.request),
        }


class AddClosure(CreateView):
    permission = "kernel.add_closure"
    form_class = ClosureForm
    done = _("Closure added.")
    extra_context = {
        "heading": _("Add a closure"),
        "breadcrumbs": [REMINDERS],
        "cancel_url": reverse_lazy("closures"),
        "intro": _("Reminders that fall on this day go out on the next open one."),
    }

    def perform(self, **data: Any) -> Closure:
        return by_hand.add_closure(**data, by=self.user)


class WithdrawClosure(StepView):
    queryset = Closure.objects.all()
    action = "withdraw"
    done = _("The office is open that day.")

    def perform(self, closure: Closure, /) -> Closure:
        return by_hand.withdraw_closure(closure, at=timezone.now(), by=self.user)
