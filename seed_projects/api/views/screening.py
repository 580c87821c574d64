"""Screening by programs: what was handed in, checked, moved, undone and appealed."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import (
    Appeal,
    MoveBatch,
    ProposalPerson,
    ScreenedProposal,
    ScreeningCheck,
    ScreeningMove,
)
from ..serializers import screening as told

#: What who moves several proposals holds.
MOVES = "seed_projects.change_proposal"


class ScreeningViewSet(RecordViewSet):
    """What was handed in, as the office screens it; of drafts nothing."""

    queryset = ScreenedProposal.objects.with_screening()
    serializer_class = told.ScreenedSerializer
    filterset_class = filters.ScreeningFilter

    def now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}

    def moved(self, move: ScreeningMove) -> Response:
        shown = told.ScreeningMoveSerializer(move).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=told.CheckInput, responses={201: told.ScreeningCheckSerializer}
    )
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        proposal = self.get_object()
        finding = services.Finding(**self.validated(told.CheckInput))
        row = services.record_checks(proposal, [finding], **self.now())[0]
        shown = told.ScreeningCheckSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={201: told.ScreeningMoveSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        proposal = self.get_object()
        return self.moved(services.accept_proposal(proposal, **self.now()))

    @extend_schema(
        request=told.ReturnInput, responses={201: told.ScreeningMoveSerializer}
    )
    @action(detail=True, methods=["post"], url_path="return")
    def turn_down(self, request: Request, pk: str) -> Response:
        proposal, data = self.get_object(), self.validated(told.ReturnInput)
        return self.moved(services.return_proposal(proposal, **data, **self.now()))

    @extend_schema(
        request=told.SendBackInput, responses={201: told.ScreeningMoveSerializer}
    )
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        proposal, data = self.get_object(), self.validated(told.SendBackInput)
        return self.moved(services.send_back(proposal, **data, **self.now()))

    @extend_schema(request=told.LeaveOutInput, responses={200: told.ScreenedSerializer})
    @action(detail=True, methods=["post"], url_path="leave-out")
    def leave_out(self, request: Request, pk: str) -> Response:
        """Leave out a co-investigator who did not confirm within three days."""
        proposal, data = self.get_object(), self.validated(told.LeaveOutInput)
        part = get_object_or_404(ProposalPerson, proposal=proposal.pk, pk=data["part"])
        services.leave_out(part, **self.now())
        return self.shown(proposal)


class ScreeningCheckViewSet(RecordViewSet):
    """What was found of each submission; the last of a kind holds."""

    queryset = ScreeningCheck.objects.all()
    serializer_class = told.ScreeningCheckSerializer


class ScreeningMoveViewSet(RecordViewSet):
    """What was done with proposals, and was not undone."""

    queryset = ScreeningMove.objects.standing()
    serializer_class = told.ScreeningMoveSerializer
    filterset_class = filters.MoveFilter

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        move = self.get_object()
        services.undo_move(move, at=timezone.now(), by=self.user)
        return self.shown(move)

    @extend_schema(request=told.AppealInput, responses={201: told.AppealSerializer})
    @action(detail=True, methods=["post"])
    def appeal(self, request: Request, pk: str) -> Response:
        move, data = self.get_object(), self.validated(told.AppealInput)
        row = services.appeal(move, **data, at=timezone.now(), by=self.user)
        shown = told.AppealSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)


class MoveBatchViewSet(RecordViewSet):
    """Proposals moved together; ``preview`` says who would be, and changes nothing."""

    queryset = MoveBatch.objects.all()
    serializer_class = told.MoveBatchSerializer

    def may_create(self, user: Any) -> bool:
        return bool(user.has_perm(MOVES))

    def asked(self) -> tuple[list[ScreenedProposal], dict[str, Any]]:
        data = self.validated(told.MoveTogetherInput)
        rows = ScreenedProposal.objects.permitted(self.user, "view")
        chosen = rows.filter(pk__in=data.pop("proposals")).select_related("call")
        return list(chosen), data

    @extend_schema(
        request=told.MoveTogetherInput, responses={201: told.MoveBatchSerializer}
    )
    def create(self, request: Request) -> Response:
        chosen, data = self.asked()
        batch = services.move_together(chosen, **data, at=timezone.now(), by=self.user)
        return self.answer(batch, status.HTTP_201_CREATED)

    @extend_schema(
        request=told.MoveTogetherInput,
        responses={200: told.OutlookSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], permission=MOVES)
    def preview(self, request: Request) -> Response:
        chosen, data = self.asked()
        looks = services.preview_moves(chosen, kind=data["kind"], by=self.user)
        return Response(told.OutlookSerializer(looks, many=True).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        services.undo_together(batch, at=timezone.now(), by=self.user)
        return self.shown(batch)


class AppealViewSet(RecordViewSet):
    """What PIs say against returns, and what was decided."""

    queryset = Appeal.objects.select_related("decision")
    serializer_class = told.AppealSerializer
    filterset_class = filters.AppealFilter

    @extend_schema(request=told.DecideAppealInput)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        row, data = self.get_object(), self.validated(told.DecideAppealInput)
        services.decide_appeal(row, **data, at=timezone.now(), by=self.user)
        return self.shown(Appeal.objects.select_related("decision").get(pk=row.pk))
