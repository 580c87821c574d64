"""Jobs: all of them for those who run the portal, and each person's own."""

from typing import Any

import django_filters
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import exports, jobs
from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.filters import KeyFilter
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import Job, JobState
from inm_portal.kernel.views import RecordDetail, StepView

JOBS = (_("Jobs"), reverse_lazy("jobs"))


class JobFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        field_name="asked_by__name", lookup_expr="icontains", label=_("Who asked")
    )
    state = django_filters.ChoiceFilter(
        choices=JobState.choices, label=_("State"), empty_label=_("Any state")
    )
    since = django_filters.DateFilter(
        field_name="asked_at", lookup_expr="date__gte", label=_("Since")
    )
    kind = django_filters.CharFilter(label=_("Kind"))
    asked_by = KeyFilter(label=_("Asked by"))

    class Meta:
        model = Job
        fields: list[str] = []


class JobPageFilter(JobFilter):
    """On the page, without what only programs ask for."""

    kind = asked_by = None  # type: ignore[assignment]


class JobRows(Rows):
    queryset = Job.objects.select_related("asked_by", "result")
    filter_class = JobPageFilter
    default_sort = "-asked"
    columns = [
        Column("title", _("Job")),
        Column("state", _("State"), ("state",)),
        Column("who", _("Asked by")),
        Column("asked", _("Asked"), ("pk",)),
        Column("attempts", _("Attempts"), ("attempts",), is_numeric=True),
        Column("steps", _("Actions")),
    ]


class JobList(JobRows, RecordList):
    template_name = "jobs/job_list.html"
    noun = (_("job"), _("jobs"))
    export_url = reverse_lazy("export_jobs")
    extra_context = {
        "heading": _("Jobs"),
        "empty_title": _("No jobs yet"),
        "empty_text": _(
            "Long work, such as the Excel file of a long list, shows here."
        ),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_permissions(self.user, "cancel", "retry")


class ExportJobs(JobRows, RecordExport):
    name = "jobs"
    export_columns = {
        "id": "pk",
        "kind": "kind",
        "title": exports.text("title"),
        "state": "state",
        "asked_by": exports.text("asked_by__email"),
        "asked_at": "asked_at",
        "attempts": "attempts",
        "error": "error",
        "ended_at": "ended_at",
    }


class JobDetail(RecordDetail):
    """The page of a job, which shows how far it is."""

    queryset = Job.objects.select_related("asked_by", "result")
    template_name = "jobs/job_detail.html"
    buttons = ("cancel", "retry", "take_result")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.object.title, breadcrumbs=[JOBS], **kwargs
        )


class JobProgress(JobDetail):
    """How far a job is, for the page that asked; htmx asks again until it is over."""

    template_name = "jobs/asked.html"


class CancelJob(StepView):
    queryset = Job.objects.all()
    action = "cancel"
    done = _("Job cancelled.")

    def perform(self, job: Job, /) -> Job:
        return jobs.cancel(job, at=timezone.now(), by=self.user)


class RetryJob(StepView):
    queryset = Job.objects.all()
    action = "retry"
    done = _("The job will be tried again.")

    def perform(self, job: Job, /) -> Job:
        return jobs.retry(job, at=timezone.now(), by=self.user)


class JobSerializer(RecordSerializer):
    class Meta:
        model = Job
        fields = [
            *["id", "kind", "title", "state", "asked_by", "asked_at", "not_before"],
            *["attempts", "done", "total", "words", "error", "ended_at", "result"],
        ]


class JobViewSet(RecordViewSet):
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilter

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        job = self.get_object()
        return self.answer(jobs.cancel(job, at=timezone.now(), by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        job = self.get_object()
        return self.answer(jobs.retry(job, at=timezone.now(), by=self.user))
