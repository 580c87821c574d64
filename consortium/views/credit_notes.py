"""Credit notes: the list, the page of each, its PDF, and how one comes about."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.exports.papers import pdf_file
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows, slice_of
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import CreditNoteFilter
from ..models import CreditNote, Instalment
from ..states import CreditNoteState
from .invoice_steps import OfInvoice
from .issuing import TO_ISSUE

CREDIT_NOTES = (_("Credit notes"), reverse_lazy("consortium:credit_notes"))


class CreditNoteRows(Rows):
    queryset = CreditNote.objects.select_related("invoice__organization").with_total()
    filter_class = CreditNoteFilter
    default_sort = "-issued"
    columns = [
        Column("number", _("Credit note"), ("number",)),
        Column("organization", _("Member"), ("invoice__organization__name",)),
        Column("invoice", _("Of invoice"), ("invoice__number",)),
        Column("state", _("State"), ("state",)),
        Column("issued", _("Issued"), ("issued_on",)),
        Column("amount", _("Amount"), ("total",), is_numeric=True),
    ]


class CreditNoteList(CreditNoteRows, RecordList):
    template_name = "consortium/credit_note_list.html"
    noun = (_("credit note"), _("credit notes"))
    export_url = reverse_lazy("consortium:export_credit_notes")
    extra_context = {
        "heading": _("Credit notes"),
        "empty_title": _("No credit notes yet"),
        "empty_text": _("A credit note takes back something of an issued invoice."),
    }


class ExportCreditNotes(CreditNoteRows, RecordExport):
    name = "credit-notes"
    export_columns = {
        "id": "pk",
        "number": "number",
        "organization": exports.text("invoice__organization__name"),
        "invoice": "invoice__number",
        "replacement": "replacement__number",
        "state": "state",
        "state_words": exports.words("state", CreditNoteState.choices),
        "issued_on": "issued_on",
        "amount": "total",
        "currency": "currency",
        "reason": exports.text("reason"),
    }


class CreditNoteDetail(RecordDetail):
    queryset = CreditNote.objects.select_related(
        *["invoice__organization", "replacement", "drafted_by", "issued_by"]
    ).with_total()
    template_name = "consortium/credit_note_detail.html"
    context_object_name = "note"
    buttons = ("issue", "abandon")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        note = self.object
        lines = note.lines.select_related("line__commitment_year__agreement")
        return super().get_context_data(
            heading=str(note),
            pretitle=note.invoice.organization.name,
            breadcrumbs=[CREDIT_NOTES],
            lines=slice_of(lines, "lines", self.request.GET),
            entries=history_of(note, user=self.user),
            **kwargs,
        )


class CreditNotePaper(RecordDetail):
    queryset = CreditNote.objects.select_related("pdf")
    http_method_names = ["get"]  # a HEAD would be journaled, and take nothing

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        note = self.get_object()
        if not note.number:
            raise Http404
        paper = services.fetch_pdf(note, by=self.user)
        return pdf_file(paper.content, str(paper))


class IssueCreditNote(StepView):
    queryset = CreditNote.objects.select_related("invoice__organization")
    action = "issue"
    done = _("Issued, with its number and PDF. The member was written to.")

    def perform(self, note: CreditNote, /) -> CreditNote:
        today, now = timezone.localdate(), timezone.now()
        return services.issue_credit_note(note, today=today, at=now, by=self.user)


class AbandonCreditNote(StepView):
    queryset = CreditNote.objects.select_related("invoice__organization")
    action = "abandon"
    done = _("Given up. Nothing is taken back.")

    def perform(self, note: CreditNote, /) -> CreditNote:
        return services.abandon_credit_note(note, by=self.user)


class DraftCreditNote(OfInvoice):
    action = "credit"
    form_class = forms.CreditNoteForm
    heading = _("Credit the invoice")
    done = _("Drafted. It counts once somebody else issues it.")
    extra_context = {
        "submit_label": _("Draft the credit note"),
        "intro": _("All that is open would be taken back; lower what shall stay owed."),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        left = services.left_of(self.object)
        given = {"left": left, "currency": self.object.currency}
        return super().get_form_kwargs() | given

    def perform(self, **data: Any) -> CreditNote:
        return services.draft_credit_note(
            self.object, **data, at=timezone.now(), by=self.user
        )


class TakeBackInstalment(UseCaseView):
    """A form about an instalment below zero, which an amendment brought about."""

    queryset = Instalment.objects.select_related(
        "commitment_year__agreement__organization", "amendment"
    )
    action = "take_back"
    form_class = ReasonForm
    done = _("Drafted. It counts once somebody else issues it.")

    def get_initial(self) -> dict[str, Any]:
        amendment = self.object.amendment
        if amendment is None:
            return {}
        facts = {"number": amendment.number}
        return {"reason": _("Amendment %(number)s lowered the fee.") % facts}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Take back what was invoiced"),
            breadcrumbs=[TO_ISSUE],
            cancel_url=TO_ISSUE[1],
            submit_label=_("Draft the credit note"),
            intro=_(
                "It is taken back of the invoices of its year, the last due first, by "
                "a credit note for each."
            ),
            **kwargs,
        )

    def perform(self, **data: Any) -> CreditNote:
        notes = services.draft_credits_of(
            self.object, **data, at=timezone.now(), by=self.user
        )
        return notes[0]
