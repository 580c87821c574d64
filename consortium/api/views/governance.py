"""Bodies, seats, meetings with their record, motions and votes."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import (
    AgendaItem,
    AntitrustStatement,
    Attendance,
    Body,
    Decision,
    Elector,
    Meeting,
    MeetingPaper,
    Minutes,
    Motion,
    Seat,
    Sitting,
)
from ...policies.governance import sittings_to_declare
from .. import serializers as told

CREATED = status.HTTP_201_CREATED


class OfGovernance(RecordViewSet):
    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}


class BodyViewSet(OfGovernance):
    """Committees, boards, councils and working groups."""

    queryset = Body.objects.all()
    serializer_class = told.BodySerializer
    filterset_class = filters.BodyFilter

    @extend_schema(request=told.BodyInput, responses={201: told.BodySerializer})
    def create(self, request: Request) -> Response:
        data = self.validated(told.BodyInput)
        return self.answer(services.form_body(**data, by=self.user), CREATED)

    @extend_schema(request=told.SeatInput, responses={201: told.SeatSerializer})
    @action(detail=True, methods=["post"], url_path="add-seat")
    def add_seat(self, request: Request, pk: str) -> Response:
        body, data = self.get_object(), self.validated(told.SeatInput)
        seat = services.add_seat(body, **data, by=self.user)
        return Response(told.SeatSerializer(seat).data, status=CREATED)

    @extend_schema(request=told.MeetingInput, responses={201: told.MeetingSerializer})
    @action(detail=True, methods=["post"], url_path="call-meeting")
    def call_meeting(self, request: Request, pk: str) -> Response:
        body, data = self.get_object(), self.validated(told.MeetingInput)
        data["agenda"] = [services.Item(**item) for item in data["agenda"]]
        meeting = services.call_meeting(body, **data, **self.now())
        return Response(told.MeetingSerializer(meeting).data, status=CREATED)

    @extend_schema(request=told.MotionInput, responses={201: told.MotionSerializer})
    @action(detail=True, methods=["post"], url_path="draft-motion")
    def draft_motion(self, request: Request, pk: str) -> Response:
        body, data = self.get_object(), self.validated(told.MotionInput)
        motion = services.draft_motion(body, **data, by=self.user)
        return Response(told.MotionSerializer(motion).data, status=CREATED)


class SeatViewSet(OfGovernance):
    queryset = Seat.objects.all()
    serializer_class = told.SeatSerializer

    @extend_schema(request=told.SitInput, responses={201: told.SittingSerializer})
    @action(detail=True, methods=["post"])
    def sit(self, request: Request, pk: str) -> Response:
        seat, data = self.get_object(), self.validated(told.SitInput)
        sitting = services.seat_somebody(seat, **data, by=self.user)
        return Response(told.SittingSerializer(sitting).data, status=CREATED)

    @extend_schema(request=told.EndSeatInput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        seat, data = self.get_object(), self.validated(told.EndSeatInput)
        return self.answer(services.end_seat(seat, **data, **self.now()))


class SittingViewSet(OfGovernance):
    """Who sits where, from day to day."""

    queryset = Sitting.objects.all()
    serializer_class = told.SittingSerializer
    filterset_class = filters.SittingFilter

    @extend_schema(request=told.LeaveInput)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        sitting, data = self.get_object(), self.validated(told.LeaveInput)
        return self.answer(services.leave_seat(sitting, **data, by=self.user))


class MeetingViewSet(OfGovernance):
    queryset = Meeting.objects.all()
    serializer_class = told.MeetingSerializer
    filterset_class = filters.MeetingFilter

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        meeting, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(services.cancel_meeting(meeting, **data, **self.now()))

    @extend_schema(request=told.MeetingHeldInput)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        meeting, data = self.get_object(), self.validated(told.MeetingHeldInput)
        data["presences"] = {
            row["sitting"]: row["presence"] for row in data["presences"]
        }
        return self.answer(services.hold_meeting(meeting, **data, **self.now()))

    @extend_schema(request=told.ConflictInput, responses={201: told.ConflictSerializer})
    @action(detail=True, methods=["post"], url_path="declare-conflict")
    def declare_conflict(self, request: Request, pk: str) -> Response:
        meeting, data = self.get_object(), self.validated(told.ConflictInput)
        own = sittings_to_declare(self.user, meeting)
        if not own.filter(pk=data["sitting"].pk).exists():
            self.permission_denied(request)
        row = services.declare_conflict(meeting, **data, **self.now())
        return Response(told.ConflictSerializer(row).data, status=CREATED)

    @extend_schema(
        request=told.BodyDecisionInput, responses={201: told.BodyDecisionSerializer}
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        meeting, data = self.get_object(), self.validated(told.BodyDecisionInput)
        row = services.record_decision(meeting, **data, **self.now())
        return Response(told.BodyDecisionSerializer(row).data, status=CREATED)

    @extend_schema(
        request=told.BodyActionInput, responses={201: told.BodyActionSerializer}
    )
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        meeting, data = self.get_object(), self.validated(told.BodyActionInput)
        today = timezone.localdate()
        row = services.ask_action(meeting, **data, today=today, **self.now())
        return Response(told.BodyActionSerializer(row).data, status=CREATED)

    @extend_schema(request=told.MinutesInput, responses={201: told.MinutesSerializer})
    @action(detail=True, methods=["post"], url_path="write-minutes")
    def write_minutes(self, request: Request, pk: str) -> Response:
        meeting, data = self.get_object(), self.validated(told.MinutesInput)
        row = services.write_minutes(meeting, **data, **self.now())
        return Response(told.MinutesSerializer(row).data, status=CREATED)


class MinutesViewSet(OfGovernance):
    queryset = Minutes.objects.all()
    serializer_class = told.MinutesSerializer

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        services.adopt_minutes(row, **self.now())
        return self.answer(row)


class AgendaItemViewSet(OfGovernance):
    """Items of closed sessions are shown to those alone who sit on the body."""

    queryset = AgendaItem.objects.all()
    serializer_class = told.AgendaItemSerializer


class MeetingPaperViewSet(OfGovernance):
    """Papers that the caller reads; their files are opened on their pages."""

    queryset = MeetingPaper.objects.all()
    serializer_class = told.MeetingPaperSerializer
    filterset_class = filters.PaperFilter


class AttendanceViewSet(OfGovernance):
    queryset = Attendance.objects.all()
    serializer_class = told.AttendanceSerializer
    filterset_class = filters.AttendanceFilter


class BodyDecisionViewSet(OfGovernance):
    """What bodies decided."""

    queryset = Decision.objects.all()
    serializer_class = told.BodyDecisionSerializer
    filterset_class = filters.DecisionFilter


class MotionViewSet(OfGovernance):
    queryset = Motion.objects.all()
    serializer_class = told.MotionSerializer
    filterset_class = filters.MotionFilter

    @extend_schema(request=told.OpenMotionInput)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        motion, data = self.get_object(), self.validated(told.OpenMotionInput)
        return self.answer(services.open_motion(motion, **data, **self.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        return self.answer(services.close_motion(self.get_object(), **self.now()))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def certify(self, request: Request, pk: str) -> Response:
        return self.answer(services.certify_motion(self.get_object(), **self.now()))


class ElectorViewSet(OfGovernance):
    """Who may vote on motions, and with what weight; not how they voted."""

    queryset = Elector.objects.all()
    serializer_class = told.ElectorSerializer
    filterset_class = filters.ElectorFilter

    @extend_schema(request=told.VoteInput)
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        elector, data = self.get_object(), self.validated(told.VoteInput)
        services.cast_vote(elector, **data, **self.now())
        return self.answer(elector)

    @extend_schema(request=told.ProxyInput)
    @action(detail=True, methods=["post"], url_path="give-proxy")
    def give_proxy(self, request: Request, pk: str) -> Response:
        elector, data = self.get_object(), self.validated(told.ProxyInput)
        services.give_proxy(elector, **data, **self.now())
        return self.answer(elector)


class AntitrustViewSet(OfGovernance):
    """Versions of the statement; who sits on a body acknowledges the one in force."""

    queryset = AntitrustStatement.objects.all()
    serializer_class = told.AntitrustSerializer

    def may_create(self, user: Any) -> bool:
        return bool(user.has_perm("consortium.add_body"))

    @extend_schema(
        request=told.AntitrustInput, responses={201: told.AntitrustSerializer}
    )
    def create(self, request: Request) -> Response:
        data = self.validated(told.AntitrustInput)
        return self.answer(services.publish_statement(**data, **self.now()), CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        services.acknowledge_statement(on=timezone.localdate(), by=self.user)
        return self.answer(row)
