"""Files for the general ledger of the university, each entry once."""

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.exports.papers import csv_file
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import CreateView, RecordDetail

from .. import forms, services
from ..models import ExportBatch

BATCHES = (_("Exports"), reverse_lazy("consortium:export_batches"))


class ExportBatchFilter(django_filters.FilterSet):
    class Meta:
        model = ExportBatch
        fields: list[str] = []


class BatchRows(Rows):
    queryset = ExportBatch.objects.with_related("made_by__name").with_entries()
    filter_class = ExportBatchFilter
    default_sort = "-number"
    columns = [
        Column("number", _("Export"), ("pk",)),
        Column("until", _("Posted up to"), ("posted_until",)),
        Column("entries", _("Entries"), is_numeric=True),
        Column("made", _("Made"), ("made_at",)),
    ]


class ExportBatchList(BatchRows, RecordList):
    template_name = "consortium/exportbatch_list.html"
    noun = (_("export"), _("exports"))
    export_url = reverse_lazy("consortium:export_export_batches")
    extra_context = {
        "heading": _("Exports to the general ledger"),
        "empty_title": _("Nothing was exported yet"),
        "empty_text": _("Each file has what no earlier one had, and is kept."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_exportbatch")
        return super().get_context(page) | {"may_add": may_add}


class ExportExportBatches(BatchRows, RecordExport):
    name = "exports"
    export_columns = {
        "id": "pk",
        "posted_until": "posted_until",
        "entries": "entries",
        "sha256": "sha256",
        "made_at": "made_at",
    }


class ExportBatchDetail(RecordDetail):
    queryset = ExportBatch.objects.with_related("made_by__name").with_entries()
    template_name = "consortium/exportbatch_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.object
        return super().get_context_data(
            heading=str(batch), breadcrumbs=[BATCHES], batch=batch, **kwargs
        )


class DownloadExport(RecordDetail):
    """The file as it was kept; who takes it is journaled, and a HEAD takes nothing."""

    queryset = ExportBatch.objects.all()
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.get_object()
        content = services.take_export(batch, by=self.user)
        return csv_file(content, batch.file_name)


class MakeExport(CreateView):
    permission = "consortium.add_exportbatch"
    form_class = forms.ExportEntriesForm
    done = _("The file is made, and kept.")

    def get_initial(self) -> dict[str, Any]:
        return {"posted_until": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Export to the general ledger"),
            intro=_("An entry is in one file only, so none is booked twice there."),
            breadcrumbs=[BATCHES],
            cancel_url=reverse_lazy("consortium:export_batches"),
            submit_label=_("Make the file"),
            **kwargs,
        )

    def perform(self, **data: Any) -> ExportBatch:
        return services.export_entries(**data, at=timezone.now(), by=self.user)
