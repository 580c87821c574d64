"""Tasks for people: those at INM see all, everybody else their own."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import tasklist
from inm_portal.kernel.lists import Column, RecordList, Rows
from inm_portal.kernel.models import Task
from inm_portal.kernel.views import UseCaseView


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=500,
        help_text=_("In a sentence, for whoever asks later."),
    )


class TaskFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        field_name="what", lookup_expr="icontains", label=_("What")
    )
    state = django_filters.ChoiceFilter(
        choices=[("open", _("Open")), ("mine", _("Mine")), ("done", _("Done"))],
        method="that_are",
        label=_("State"),
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def that_are(self, queryset, _name, state):
        if state == "mine":
            return queryset.waiting_for(self.request.user)
        is_done = state == "done"
        return queryset.filter(done_at__isnull=not is_done)


#: What waits longest stands first, what was done last before what was done earlier.
OPEN_FIRST = (F("done_at").desc(nulls_first=True), "due_on")


class TaskRows(Rows):
    queryset = Task.objects.select_related("person", "done_by")
    filter_class = TaskFilter
    default_sort = "done"
    columns = [
        Column("what", _("What")),
        Column("person", _("For"), ("person__name",)),
        Column("due", _("By"), ("due_on",)),
        Column("done", _("Done"), OPEN_FIRST),
        Column("finish", ""),
    ]


class TaskList(TaskRows, RecordList):
    template_name = "home/tasks.html"
    noun = (_("task"), _("tasks"))
    extra_context = {
        "heading": _("Tasks"),
        "empty_title": _("No tasks"),
        "empty_text": _("What no mail can do, the portal asks of people here."),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_permissions(self.user, "finish")

    def get_context(self, page: Any) -> dict[str, Any]:
        return super().get_context(page) | {"today": timezone.localdate()}


class FinishTask(UseCaseView):
    queryset = Task.objects.all()
    action = "finish"
    form_class = OutcomeForm
    done = _("Done.")
    extra_context = {
        "heading": _("Finish a task"),
        "cancel_url": reverse_lazy("tasks"),
        "submit_label": _("Done"),
        "breadcrumbs": [(_("Tasks"), reverse_lazy("tasks"))],
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(intro=self.object.what, **kwargs)

    def perform(self, **data: Any) -> Task:
        return tasklist.finish_task(
            self.object, **data, at=timezone.now(), by=self.user
        )
