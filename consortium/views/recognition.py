"""What finance recognized, as it said: the list, and the import of a file."""

from base64 import b64encode
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import CreateView

from .. import forms, services
from ..filters import RecognisedAmountFilter
from ..models import RecognisedAmount, RecognitionImport

AMOUNTS = (_("Recognized"), reverse_lazy("consortium:recognized_amounts"))

#: Rows of a trial that a page shows; those that are wrong come first.
ROWS_SHOWN = 200


class RecognisedRows(Rows):
    queryset = RecognisedAmount.objects.with_related(
        "organization__name", "source__name"
    )
    filter_class = RecognisedAmountFilter
    default_sort = "-month"
    columns = [
        Column("organization", _("Member"), ("organization__name",)),
        Column("month", _("Month"), ("month",)),
        Column("source", _("File"), ("source",)),
        Column("amount", _("As finance recognized"), ("amount",), is_numeric=True),
    ]


class RecognisedList(RecognisedRows, RecordList):
    template_name = "consortium/recognisedamount_list.html"
    noun = (_("amount"), _("amounts"))
    export_url = reverse_lazy("consortium:export_recognized_amounts")
    extra_context = {
        "heading": _("As finance recognized"),
        "empty_title": _("Finance told of nothing yet"),
        "empty_text": _("The portal reckons none of it: it says what finance said."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_recognitionimport")
        return super().get_context(page) | {"may_add": may_add}


class ExportRecognised(RecognisedRows, RecordExport):
    name = "recognized"
    export_columns = {
        "member": exports.text("organization__name"),
        "month": "month",
        "as_finance_recognized": "amount",
        "currency": "currency",
        "file": exports.text("source__name"),
        "ledger_entry": "entry_id",
    }


class ImportRecognised(CreateView):
    """A file is tried first; what was tried is imported, all of it or nothing."""

    permission = "consortium.add_recognitionimport"
    template_name = "consortium/recognition_form.html"
    form_class = forms.RecognitionForm
    done = _("Imported, and posted.")

    def get_form_class(self) -> Any:
        is_tried = "content" in self.request.POST
        return forms.RecognitionForm if is_tried else forms.RecognitionFileForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Import what finance recognized"),
            breadcrumbs=[AMOUNTS],
            cancel_url=reverse_lazy("consortium:recognized_amounts"),
            **{"submit_label": _("Try it")} | kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "content" in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        return self.tried(form) if form.is_valid() else self.form_invalid(form)

    def tried(self, form: Any) -> HttpResponse:
        """Show what a file would bring, and change nothing."""
        file = form.cleaned_data["file"]
        found = services.try_recognition(
            content := file.read(), today=timezone.localdate()
        )
        if found.errors:
            form.add_error("file", _("Nothing of it can be imported as it is."))
            return self.answer(form, found, status=422)
        carried = {"name": file.name[:200], "content": b64encode(content).decode()}
        ready = forms.RecognitionForm(initial=carried)
        return self.answer(ready, found, submit_label=_("Import all of it"))

    def answer(
        self, form: Any, found: Any, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        rows = sorted(found.told, key=lambda row: not row.words)
        context = self.get_context_data(
            form=form, found=found, rows=rows[:ROWS_SHOWN], **more
        )
        return self.render_to_response(context, status=status)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what was tried again, where it is refused now."""
        if content := form.cleaned_data.get("content"):
            found = services.try_recognition(content, today=timezone.localdate())
            rows = sorted(found.told, key=lambda row: not row.words)
            self.extra_context = {"found": found, "rows": rows[:ROWS_SHOWN]}
            self.extra_context["submit_label"] = _("Import all of it")
        return super().form_invalid(form)

    def perform(self, **data: Any) -> RecognitionImport:
        today, now = timezone.localdate(), timezone.now()
        return services.import_recognition(**data, today=today, at=now, by=self.user)
