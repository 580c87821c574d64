"""Commitment years, where each stands, and the lines that add up to it."""

from typing import Any

from django.db.models import F, IntegerField, Value
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...filters import day_asked, is_restated
from ...models import CommitmentYear, CreditEntry, ShortfallWaiver
from .. import serializers
from ..parameters import AS_KNOWN_ON, ON, RESTATED


@extend_schema_view(retrieve=extend_schema(parameters=[AS_KNOWN_ON]))
class CommitmentYearViewSet(RecordViewSet):
    queryset = CommitmentYear.objects.with_organization()
    serializer_class = serializers.CommitmentYearSerializer
    filterset_class = filters.CommitmentYearFilter
    is_alike = True

    def get_queryset(self) -> Any:
        day = day_asked(self.request.query_params, "as_known_on")
        rows = super().get_queryset().known(on=day).with_terms(day)
        return rows if self.action == "list" else rows.select_related("agreement")

    @extend_schema(
        request=ReasonInput, responses={201: serializers.ShortfallWaiverSerializer}
    )
    @action(detail=True, methods=["post"], requires_key=True)
    def waive(self, request: Request, pk: str) -> Response:
        waiver = services.waive_shortfall(
            self.get_object(),
            **self.validated(ReasonInput),
            at=timezone.now(),
            today=timezone.localdate(),
            by=self.user,
        )
        shown = serializers.ShortfallWaiverSerializer(waiver).data
        return Response(shown, status=status.HTTP_201_CREATED)


@extend_schema_view(retrieve=extend_schema(parameters=[ON, RESTATED]))
class CommitmentPositionViewSet(RecordViewSet):
    """Where each commitment year stands: a report, as known on any day, or restated."""

    queryset = CommitmentYear.objects.with_organization()
    serializer_class = serializers.CommitmentPositionSerializer
    filterset_class = filters.PositionFilter
    is_alike = True

    def get_queryset(self) -> Any:
        query = self.request.query_params
        told: Any = {"on": day_asked(query), "restated": is_restated(query)}
        return super().get_queryset().known(**told).with_position(**told)


class CreditEntryViewSet(RecordViewSet):
    """The ledger: each line of what counts toward a commitment year."""

    queryset = CreditEntry.objects.all()
    serializer_class = serializers.LedgerEntrySerializer
    filterset_class = filters.EntryFilter

    def get_queryset(self) -> Any:
        is_staff = self.user.has_perm("consortium.view_commitmentyear")
        nobody = Value(None, output_field=IntegerField())
        told_by = F("by_id") if is_staff else nobody
        return super().get_queryset().annotate(told_by=told_by)


class ShortfallWaiverViewSet(RecordViewSet):
    """What directors let commitment years stay short by."""

    queryset = ShortfallWaiver.objects.all()
    serializer_class = serializers.ShortfallWaiverSerializer
    filterset_class = filters.ShortfallWaiverFilter
