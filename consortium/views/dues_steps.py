"""The last rungs of the ladder: notes to sponsors, decisions, hand-overs."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.filters import key_of
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import DuesStepFilter, SponsorNoteFilter
from ..models import DuesStep, SponsorNote, StepKind
from .invoice_answers import RELATED, OfInvoice

NOTES = (_("Notes to sponsors"), reverse_lazy("consortium:sponsor_notes"))


class TakeStep(OfInvoice):
    """A form that records what was done about an overdue invoice."""

    kind: StepKind | None = None

    def perform(self, **data: Any) -> DuesStep:
        today = timezone.localdate()
        told = {"on": today, "kind": self.kind} | data
        return services.take_step(
            self.object, **told, today=today, at=timezone.now(), by=self.user
        )


class HandOverDues(TakeStep):
    action = "hand_over"
    kind = StepKind.HANDED_OVER
    form_class = forms.HandOverForm
    heading = _("Hand over %(number)s")
    done = _("Handed over; its task is done.")
    extra_context = {
        "submit_label": _("Record"),
        "intro": _(
            "That the collection of this invoice went over to MIT AR. The ladder goes "
            "on: what it still has are tasks for a director."
        ),
    }


class DecideDues(TakeStep):
    action = "decide_dues"
    form_class = forms.DecideDuesForm
    heading = _("Decide on %(number)s")
    done = _("Decided; finance and who looks after the member are told.")
    extra_context = {
        "submit_label": _("Decide"),
        "intro": _(
            "What becomes of the benefits of a member that does not pay. The decision "
            "is put on record with your name; the portal takes nothing away by itself."
        ),
    }


class TellSteering(TakeStep):
    action = "tell_steering"
    kind = StepKind.TOLD
    form_class = forms.TellSteeringForm
    heading = _("Tell the steering committee of %(number)s")
    done = _("Recorded; its task is done.")
    extra_context = {"submit_label": _("Record")}


class StepRows(Rows):
    """What was done about overdue invoices, the last first."""

    queryset = DuesStep.objects.with_related(*RELATED, "recorded_by__name")
    filter_class = DuesStepFilter
    default_sort = "-on"
    columns = [
        Column("on", _("Day"), ("on",)),
        Column("invoice", _("Invoice"), ("invoice__number",)),
        Column("organization", _("Member"), ("invoice__organization__name",)),
        Column("kind", _("What"), ("kind",)),
        Column("reason", _("Why")),
        Column("by", _("By"), ("recorded_by__name",)),
    ]


class StepList(StepRows, RecordList):
    template_name = "consortium/dues_step_list.html"
    keys_first = True
    noun = (_("step"), _("steps"))
    export_url = reverse_lazy("consortium:export_dues_steps")
    extra_context = {
        "heading": _("Decisions on dues"),
        "empty_title": _("Nothing yet"),
        "empty_text": _(
            "What was handed over, decided, or told to the steering committee."
        ),
    }


class ExportSteps(StepRows, RecordExport):
    name = "dues-steps"
    export_columns = {
        "id": "pk",
        "on": "on",
        "invoice": "invoice__number",
        "organization": exports.text("invoice__organization__name"),
        "kind": "kind",
        "reason": exports.text("reason"),
        "reference": exports.text("reference"),
        "recorded_at": "recorded_at",
        "recorded_by": exports.text("recorded_by__name"),
    }


class NoteRows(Rows):
    """Notes to sponsors: those that wait first."""

    queryset = SponsorNote.objects.with_related(*RELATED, "decided_by__name")
    filter_class = SponsorNoteFilter
    default_sort = "-drafted"
    columns = [
        Column("drafted", _("Drafted"), ("drafted_at",)),
        Column("invoice", _("Invoice"), ("invoice__number",)),
        Column("organization", _("Member"), ("invoice__organization__name",)),
        Column("state", _("State"), ("state",)),
        Column("by", _("By"), ("decided_by__name",)),
    ]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_need()


class NoteList(NoteRows, RecordList):
    template_name = "consortium/sponsor_note_list.html"
    keys_first = True
    noun = (_("note"), _("notes"))
    export_url = reverse_lazy("consortium:export_sponsor_notes")
    extra_context = {
        "heading": _("Notes to sponsors"),
        "empty_title": _("No notes"),
        "empty_text": _(
            "90 days after a due date the portal drafts a note from the director to "
            "the sponsor of the member."
        ),
    }


class ExportNotes(NoteRows, RecordExport):
    name = "sponsor-notes"
    export_columns = {
        "id": "pk",
        "invoice": "invoice__number",
        "organization": exports.text("invoice__organization__name"),
        "state": "state",
        "subject": exports.text("subject"),
        "drafted_at": "drafted_at",
        "decided_at": "decided_at",
        "decided_by": exports.text("decided_by__name"),
        "reason": exports.text("reason"),
    }


class NoteDetail(RecordDetail):
    queryset = SponsorNote.objects.select_related(
        "invoice__organization", "decided_by", "message"
    ).with_need()
    template_name = "consortium/sponsor_note.html"
    buttons = ("change", "send", "decline")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        note, today = self.object, timezone.localdate()
        invoice = note.invoice
        return super().get_context_data(
            heading=_("Note to the sponsor"),
            pretitle=invoice.organization.name,
            breadcrumbs=[NOTES],
            note=note,
            invoice=invoice,
            sponsors=services.sponsors_of(invoice, on=today) if note.is_draft else [],
            stop=services.not_asked(invoice, on=today) if note.is_draft else "",
            **kwargs,
        )


class OfNote(UseCaseView):
    queryset = SponsorNote.objects.select_related("invoice__organization")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        note = self.object
        return super().get_context_data(
            heading=self.heading,
            pretitle=note.invoice.organization.name,
            breadcrumbs=[NOTES, (str(note), note.get_absolute_url())],
            cancel_url=note.get_absolute_url(),
            **kwargs,
        )


class ChangeNote(OfNote):
    action = "change"
    form_class = forms.SponsorNoteForm
    heading = _("Change the note")
    done = _("Changed.")
    extra_context = {
        "intro": _(
            "The salutation, your name and a link to the invoice are put around it; an "
            "empty line begins a paragraph."
        ),
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def perform(self, **data: Any) -> SponsorNote:
        return services.change_note(self.object, **data, by=self.user)


class SendNote(StepView):
    queryset = SponsorNote.objects.select_related("invoice__organization")
    action = "send"
    done = _("Sent; finance and who looks after the member are told.")

    def perform(self, note: SponsorNote, /) -> SponsorNote:
        version = key_of(self.request.POST.get("version", ""))
        today, now = timezone.localdate(), timezone.now()
        return services.send_note(
            note,
            version=version,
            today=today,
            at=now,
            by=self.user,
        )


class DeclineNote(OfNote):
    action = "decline"
    form_class = ReasonForm
    heading = _("Do not send the note")
    done = _("Not sent; its task is done.")
    extra_context = {"submit_label": _("Do not send")}

    def perform(self, **data: Any) -> SponsorNote:
        today, now = timezone.localdate(), timezone.now()
        return services.decline_note(
            self.object, **data, today=today, at=now, by=self.user
        )
