"""Bodies, who sits on them, and the antitrust statement."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from inm_portal.kernel import exports
from inm_portal.kernel.lists import Column, RecordExport, RecordList, Rows
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import CreateView, RecordDetail, UseCaseView, Visited

from .. import forms, services
from ..filters import BodyFilter, SittingFilter
from ..models import (
    Acknowledgment,
    AntitrustStatement,
    Body,
    BodyKind,
    Meeting,
    Motion,
    OrganizationLink,
    Seat,
    Sitting,
)
from ..states import MeetingState

BODIES = (_("Bodies"), reverse_lazy("consortium:bodies"))
ANTITRUST = (_("Antitrust statement"), reverse_lazy("consortium:antitrust"))
SHOWN = 20


def body_crumbs(body: Body) -> list[tuple[Any, Any]]:
    """Return the way from the list of bodies to the page of one."""
    return [BODIES, (body.name, body.get_absolute_url())]


class BodyRows(Rows):
    queryset = Body.objects.all()
    filter_class = BodyFilter
    default_sort = "name"
    columns = [
        Column("name", _("Body"), (Lower("name"),)),
        Column("kind", _("Kind"), ("kind",)),
        Column("seats", _("Seats taken"), is_numeric=True),
        Column("next", _("Next meeting"), ("next_at",)),
        Column("formed", _("Formed"), ("formed_on",)),
    ]

    def get_queryset(self) -> Any:
        now, today = timezone.now(), timezone.localdate()
        taken = Seat.objects.filter(body=OuterRef("pk")).taken(on=today)
        seats = Seat.objects.filter(body=OuterRef("pk")).standing(on=today)
        ahead = Meeting.objects.filter(
            body=OuterRef("pk"), state=MeetingState.CALLED, ends_at__gt=now
        )
        counted = Count("pk")
        rows = super().get_queryset()
        return rows.annotate(
            taken=Subquery(
                taken.order_by().values("body").annotate(n=counted).values("n")
            ),
            places=Subquery(
                seats.order_by().values("body").annotate(n=counted).values("n")
            ),
            next_at=Subquery(ahead.order_by("starts_at").values("starts_at")[:1]),
        )


class BodyList(BodyRows, RecordList):
    template_name = "consortium/body_list.html"
    noun = (_("body"), _("bodies"))
    export_url = reverse_lazy("consortium:export_bodies")
    extra_context = {
        "heading": _("Bodies"),
        "empty_title": _("No bodies"),
        "empty_text": _("Committees, councils and groups on which you sit stand here."),
    }

    def get_context(self, page: Any) -> dict[str, Any]:
        may_add = self.user.has_perm("consortium.add_body")
        return super().get_context(page) | {"may_add": may_add}


class ExportBodies(RecordExport):
    """Who sits where today, a row for each."""

    name = "bodies"
    queryset = Sitting.objects.select_related("body", "seat__organization")
    filter_class = SittingFilter
    default_sort = "body"
    columns = [Column("body", _("Body"), ("body__name", "seat__name", "is_alternate"))]
    export_columns = {
        "body": exports.text("body__name"),
        "kind": exports.words("body__kind", BodyKind.choices),
        "seat": exports.text("seat__name"),
        "is_chair": "seat__is_chair",
        "votes": "seat__votes",
        "organization": exports.text("seat__organization__name"),
        "name": exports.text("known_as"),
        "is_alternate": "is_alternate",
        "from_on": "from_on",
        "until_on": "until_on",
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().sitting(on=timezone.localdate()).named()


class BodyDetail(RecordDetail):
    queryset = Body.objects.all()
    template_name = "consortium/body_detail.html"
    buttons = ("add_seat", "call_meeting", "draft_motion")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        body, today = self.object, timezone.localdate()
        motions = Motion.objects.filter(body=body).permitted(self.user, "view")
        is_keeper = self.user.has_perm("consortium.change_body")
        lacking: list[Sitting] = []
        if is_keeper and body.needs_antitrust:
            lacking = services.without_acknowledgment(body, on=today)
        return super().get_context_data(
            heading=body.name,
            pretitle=body.kind_label,
            breadcrumbs=[BODIES],
            body=body,
            seats=self.seats(),
            is_keeper=is_keeper,
            meetings=body.meetings.order_by("-starts_at")[:SHOWN],
            motions=motions.order_by("-pk")[:SHOWN],
            lacking=lacking,
            entries=history_of(body, user=self.user),
            **kwargs,
        )

    def seats(self) -> list[Seat]:
        """Return the seats, each with who holds it and who stands in today."""
        today = timezone.localdate()
        seats = list(
            self.object.seats.standing(on=today)
            .select_related("organization")
            .with_permissions(self.user, "sit", "end")
            .order_by("-is_chair", "name")
        )
        sat = Sitting.objects.filter(body=self.object).sitting(on=today)
        sat = sat.named().with_permissions(self.user, "leave")
        by_place = {(one.seat_id, one.is_alternate): one for one in sat}
        for seat in seats:
            seat.holder = by_place.get((seat.pk, False))
            seat.alternate = by_place.get((seat.pk, True))
        return seats


class FormBody(CreateView):
    permission = "consortium.add_body"
    form_class = forms.BodyForm
    done = _("Formed.")
    extra_context = {
        "heading": _("Form a body"),
        "submit_label": _("Form"),
        "breadcrumbs": [BODIES],
        "cancel_url": reverse_lazy("consortium:bodies"),
    }

    def perform(self, **data: Any) -> Body:
        return services.form_body(**data, by=self.user)


class OfBody(UseCaseView):
    queryset = Body.objects.all()
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.heading,
            pretitle=self.object.name,
            breadcrumbs=body_crumbs(self.object),
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )


class AddSeat(OfBody):
    action = "add_seat"
    form_class = forms.SeatForm
    heading = _("Add a seat")
    done = _("Added.")
    extra_context = {"submit_label": _("Add")}

    def perform(self, **data: Any) -> Seat:
        return services.add_seat(self.object, **data, by=self.user)


class OfSeat(UseCaseView):
    queryset = Seat.objects.select_related("body", "organization")
    heading: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seat = self.object
        return super().get_context_data(
            heading=self.heading % {"seat": seat.name},
            pretitle=seat.body.name,
            breadcrumbs=body_crumbs(seat.body),
            cancel_url=seat.get_absolute_url(),
            **kwargs,
        )


class SitOnSeat(OfSeat):
    action = "sit"
    form_class = forms.SitForm
    heading = _("Seat somebody: %(seat)s")
    done = _("Seated.")
    extra_context = {"submit_label": _("Seat")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"seat": self.object}

    def perform(self, **data: Any) -> Sitting:
        return services.seat_somebody(self.object, **data, by=self.user)


class EndSeat(OfSeat):
    action = "end"
    form_class = forms.EndSeatForm
    heading = _("End the seat: %(seat)s")
    done = _("Noted. Who sits there leaves by then.")
    extra_context = {"submit_label": _("End the seat")}

    def get_initial(self) -> dict[str, Any]:
        """Propose the day from which a merger leaves one seat, if it lies ahead."""
        mergers = OrganizationLink.objects.mergers().with_reduction(self.user)
        company, today = self.object.organization, timezone.localdate()
        days = [one.reduce_on for one in mergers.of(company)] if company else []
        ahead = [day for day in days if day and day > today]
        return {"until_on": min(ahead)} if ahead else {}

    def perform(self, **data: Any) -> Seat:
        now = timezone.now()
        return services.end_seat(self.object, **data, at=now, by=self.user)


class LeaveSeat(UseCaseView):
    queryset = Sitting.objects.select_related("body", "seat").named()
    action = "leave"
    form_class = forms.LeaveForm
    done = _("Noted.")
    extra_context = {"submit_label": _("End")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sitting = self.object
        return super().get_context_data(
            heading=_("%(name)s leaves the seat") % {"name": sitting.known_as},
            pretitle=f"{sitting.body.name}, {sitting.seat.name}",
            breadcrumbs=body_crumbs(sitting.body),
            cancel_url=sitting.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> Sitting:
        return services.leave_seat(self.object, **data, by=self.user)


class Antitrust(Visited, View):
    """What is not spoken of; who sits on a body says each year that they read it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        seen = AntitrustStatement.objects.permitted(self.user, "view")
        rows = list(seen.order_by("-number")[:SHOWN])
        in_force = next((one for one in rows if one.from_on <= today), None)
        said = Acknowledgment.objects.filter(person=self.user)
        context = {
            "heading": _("Antitrust statement"),
            "breadcrumbs": [BODIES],
            "statements": rows,
            "in_force": in_force,
            "said": said.valid(in_force, on=today).order_by("-on").first(),
            "may_publish": self.user.has_perm("consortium.add_body"),
        }
        return render(request, "consortium/antitrust.html", context)


class AcknowledgeStatement(Visited, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        seen = AntitrustStatement.objects.permitted(self.user, "view")
        if not seen.exists():
            raise Http404
        services.acknowledge_statement(on=timezone.localdate(), by=self.user)
        return redirect("consortium:antitrust")


class PublishStatement(CreateView):
    permission = "consortium.add_body"
    form_class = forms.StatementForm
    done = _("Published. Everybody who sits acknowledges it anew.")
    extra_context = {
        "heading": _("Publish a version of the antitrust statement"),
        "submit_label": _("Publish"),
        "breadcrumbs": [BODIES, ANTITRUST],
        "cancel_url": reverse_lazy("consortium:antitrust"),
    }

    def perform(self, **data: Any) -> AntitrustStatement:
        now = timezone.now()
        return services.publish_statement(**data, at=now, by=self.user)
