"""Meetings of bodies: called, held, and their record."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import documents, exports
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.exports.papers import given_file
from inm_portal.kernel.forms import ReasonForm
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.models import Task
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import RecordDetail, StepView, UseCaseView

from .. import forms, services
from ..filters import AttendanceFilter, DecisionFilter, MeetingFilter, PaperFilter
from ..models import (
    AgendaItem,
    AntitrustStatement,
    Attendance,
    Decision,
    Meeting,
    MeetingPaper,
    Minutes,
    PaperAudience,
    Presence,
    Sitting,
)
from ..policies.governance import sittings_to_declare
from ..services.meetings import ACTION
from ..states import MeetingState
from .bodies import BODIES, OfBody

MEETINGS = (_("Meetings"), reverse_lazy("consortium:meetings"))


class MeetingRows(Rows):
    queryset = Meeting.objects.select_related("body")
    filter_class = MeetingFilter
    default_sort = "-starts"
    columns = [
        Column("title", _("Meeting"), ("title",)),
        Column("body", _("Body"), ("body__name",)),
        Column("starts", _("When"), ("starts_at",)),
        Column("place", _("Where")),
        Column("state", _("State"), ("state",)),
    ]


class MeetingList(MeetingRows, RecordList):
    template_name = "consortium/meeting_list.html"
    noun = (_("meeting"), _("meetings"))
    export_url = reverse_lazy("consortium:export_meetings")
    extra_context = {
        "heading": _("Meetings"),
        "empty_title": _("No meetings"),
        "empty_text": _("Meetings of bodies on which you sit stand here."),
    }


class ExportMeetings(MeetingRows, RecordExport):
    name = "meetings"
    export_columns = {
        "id": "pk",
        "body": exports.text("body__name"),
        "title": exports.text("title"),
        "starts_at": "starts_at",
        "ends_at": "ends_at",
        "place": exports.text("place"),
        "state": exports.words("state", MeetingState.choices),
        "cancelled_because": exports.text("cancelled_because"),
        "minutes_adopted": "adopted__number",
    }


class ExportAttendance(RecordExport):
    """Who came to which meeting, a row for each."""

    name = "attendance"
    queryset = Attendance.objects.select_related("meeting__body", "sitting__seat")
    filter_class = AttendanceFilter
    default_sort = "-when"
    columns = [Column("when", _("When"), ("meeting__starts_at",))]
    export_columns = {
        "body": exports.text("meeting__body__name"),
        "meeting": exports.text("meeting__title"),
        "starts_at": "meeting__starts_at",
        "seat": exports.text("sitting__seat__name"),
        "contact": exports.text("sitting__contact__name"),
        "person": exports.text("sitting__person__name"),
        "guest": exports.text("guest"),
        "presence": exports.words("presence", Presence.choices),
    }


class ExportDecisions(RecordExport):
    """What bodies decided, a row for each."""

    name = "decisions"
    queryset = Decision.objects.select_related("meeting__body", "item")
    filter_class = DecisionFilter
    default_sort = "-when"
    columns = [Column("when", _("When"), ("recorded_at",))]
    export_columns = {
        "body": exports.text("meeting__body__name"),
        "meeting": exports.text("meeting__title"),
        "starts_at": "meeting__starts_at",
        "decision": exports.text("text"),
        "recorded_at": "recorded_at",
    }


class MeetingDetail(RecordDetail):
    queryset = Meeting.objects.select_related("body", "adopted", "called_by")
    template_name = "consortium/meeting_detail.html"
    buttons = ("record", "cancel", "hold", "tell", "declare_conflict")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting = self.object
        minutes = Minutes.objects.filter(meeting=meeting)
        conflicts = meeting.conflicts.select_related(
            *["item", "sitting__contact", "sitting__person"]
        )
        return super().get_context_data(
            heading=meeting.title,
            pretitle=meeting.body.name,
            breadcrumbs=[BODIES, MEETINGS],
            meeting=meeting,
            agenda=self.agenda(),
            papers=list(
                MeetingPaper.objects.filter(meeting=meeting)
                .permitted(self.user, "view")
                .select_related("item")
                .order_by("pk")
            ),
            attendance=list(
                meeting.attendance.select_related(
                    *["sitting__contact", "sitting__person", "sitting__seat"]
                ).order_by("pk")
            ),
            conflicts=list(conflicts.order_by("pk")),
            decisions=list(meeting.decisions.select_related("item").order_by("pk")),
            actions=self.actions(),
            minutes=minutes.order_by("-number").first(),
            statement=AntitrustStatement.objects.in_force(on=timezone.localdate())
            if meeting.body.needs_antitrust
            else None,
            is_ahead=meeting.state == MeetingState.CALLED
            and meeting.starts_at > timezone.now(),
            entries=history_of(meeting, user=self.user),
            **kwargs,
        )

    def agenda(self) -> list[AgendaItem]:
        """Return the items; of a closed session its title only to who sits there."""
        items = list(self.object.agenda.order_by("position"))
        seen = AgendaItem.objects.filter(meeting=self.object)
        keys = set(seen.permitted(self.user, "view").values_list("pk", flat=True))
        for item in items:
            item.is_hidden = item.pk not in keys
        return items

    def actions(self) -> list[Any]:
        """Return what is to be done after it, each with its task."""
        rows = list(self.object.actions.order_by("pk"))
        about = {"kind": ACTION, "subject_id__in": [row.pk for row in rows]}
        tasks = Task.objects.filter(**about).select_related("person").order_by("pk")
        last = {task.subject_id: task for task in tasks} if rows else {}
        return [(row, last.get(row.pk)) for row in rows]


class CallMeeting(OfBody):
    action = "call_meeting"
    form_class = forms.MeetingForm
    heading = _("Call a meeting")
    done = _("Called. Everybody who sits there is written to.")
    extra_context = {"submit_label": _("Call")}

    def perform(self, **data: Any) -> Meeting:
        now = timezone.now()
        return services.call_meeting(self.object, **data, at=now, by=self.user)


class OfMeeting(UseCaseView):
    queryset = Meeting.objects.select_related("body")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting = self.object
        return super().get_context_data(
            heading=self.heading,
            pretitle=meeting.body.name,
            breadcrumbs=[MEETINGS, (meeting.title, meeting.get_absolute_url())],
            cancel_url=meeting.get_absolute_url(),
            **kwargs,
        )

    @property
    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}

    @property
    def items(self) -> Any:
        seen = AgendaItem.objects.permitted(self.user, "view")
        return seen.filter(meeting=self.object).order_by("position")


class CancelMeeting(OfMeeting):
    action = "cancel"
    form_class = ReasonForm
    heading = _("Cancel the meeting")
    done = _("Cancelled. Everybody who sits there is written to.")
    extra_context = {"submit_label": _("Cancel the meeting")}

    def perform(self, **data: Any) -> Meeting:
        return services.cancel_meeting(self.object, **data, **self.now)


class HoldMeeting(OfMeeting):
    action = "hold"
    form_class = forms.HoldMeetingForm
    heading = _("Say who came")
    done = _("Noted as held.")
    extra_context = {"submit_label": _("Note as held")}

    def get_form_kwargs(self) -> dict[str, Any]:
        meeting = self.object
        day = timezone.localdate(meeting.starts_at)
        sat = Sitting.objects.filter(body=meeting.body_id).sitting(on=day).named()
        rows = list(sat.order_by("seat__name", "is_alternate", "pk"))
        return super().get_form_kwargs() | {"sittings": rows}

    def perform(self, **data: Any) -> Meeting:
        return services.hold_meeting(self.object, **data, **self.now)


class DeclareConflict(OfMeeting):
    action = "declare_conflict"
    form_class = forms.ConflictForm
    heading = _("Declare a conflict")
    done = _("Declared.")
    extra_context = {"submit_label": _("Declare")}

    def get_form_kwargs(self) -> dict[str, Any]:
        own = sittings_to_declare(self.user, self.object)
        sat = own.select_related("contact", "person").order_by("seat__name", "pk")
        told = {"items": self.items, "sittings": sat}
        return super().get_form_kwargs() | told

    def perform(self, **data: Any) -> Meeting:
        services.declare_conflict(self.object, **data, **self.now)
        return self.object


class AddPaper(OfMeeting):
    action = "record"
    form_class = forms.MeetingPaperForm
    heading = _("Add a paper")
    done = _("Added.")
    extra_context = {"submit_label": _("Add")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"items": self.items}

    def perform(self, **data: Any) -> Meeting:
        services.add_paper(self.object, **data, **self.now)
        return self.object


class RecordDecision(OfMeeting):
    action = "tell"
    form_class = forms.BodyDecisionForm
    heading = _("Write down a decision")
    done = _("Written down.")
    extra_context = {"submit_label": _("Write down")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"items": self.items}

    def perform(self, **data: Any) -> Meeting:
        services.record_decision(self.object, **data, **self.now)
        return self.object


class AskAction(OfMeeting):
    action = "tell"
    form_class = forms.ActionForm
    heading = _("Ask somebody to do something")
    done = _("Asked for; it waits in the list of tasks.")
    extra_context = {"submit_label": _("Ask for it")}

    def perform(self, **data: Any) -> Meeting:
        today = timezone.localdate()
        services.ask_action(self.object, **data, today=today, **self.now)
        return self.object


class WriteMinutes(OfMeeting):
    action = "tell"
    form_class = forms.MinutesForm
    heading = _("Write the minutes")
    done = _("Kept as the next version.")
    extra_context = {"submit_label": _("Keep")}

    def get_initial(self) -> dict[str, Any]:
        last = self.object.minutes.order_by("-number").first()
        return {"text": last.text if last else ""}

    def perform(self, **data: Any) -> Meeting:
        services.write_minutes(self.object, **data, **self.now)
        return self.object


class AdoptMinutes(StepView):
    queryset = Minutes.objects.select_related("meeting__body")
    action = "adopt"
    done = _("Adopted. The record of the meeting is complete.")

    def perform(self, minutes: Minutes, /) -> Meeting:
        return services.adopt_minutes(minutes, at=timezone.now(), by=self.user)


class PaperRows(Rows):
    queryset = MeetingPaper.objects.select_related("meeting__body", "item")
    filter_class = PaperFilter
    default_sort = "-when"
    columns = [
        Column("title", _("Paper"), ("title",)),
        Column("body", _("Body"), ("meeting__body__name",)),
        Column("when", _("Meeting"), ("meeting__starts_at",)),
        Column("audience", _("Read by"), ("audience",)),
    ]


class PaperList(PaperRows, RecordList):
    template_name = "consortium/paper_list.html"
    noun = (_("paper"), _("papers"))
    extra_context = {
        "heading": _("Papers of meetings"),
        "empty_title": _("No papers"),
        "empty_text": _("Papers that you may read stand here."),
        "for_members": PaperAudience.MEMBERS,
    }


class OpenPaper(RecordDetail):
    """Give a paper to who may read it; that they took it is on record."""

    queryset = MeetingPaper.objects.select_related("document", "meeting")
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        paper = self.get_object()
        document = paper.document
        try:
            file = documents.open_for(document, by=self.user, at=timezone.now())
        except Refusal as refusal:
            context = {"heading": paper.title, "refusal": refusal}
            status = HTTPStatus.CONFLICT
            return render(request, "documents/held_back.html", context, status=status)
        return given_file(file, document.name, document.content_type)
