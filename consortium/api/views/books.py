"""The ledger, its months, what was handed on and what finance recognized."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.exports.papers import csv_file

from ... import filters, services
from ...filters import day_asked
from ...models import (
    ExportBatch,
    LedgerEntry,
    PeriodClose,
    PeriodReopening,
    RecognisedAmount,
    RecognitionImport,
)
from .. import serializers
from ..parameters import ON


class LedgerEntryViewSet(RecordViewSet):
    """What was posted, by value and by posting date; nothing of it changes."""

    queryset = LedgerEntry.objects.with_member()
    serializer_class = serializers.PostedEntrySerializer
    filterset_class = filters.LedgerEntryFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("lines")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.PostedEntrySerializer
        return serializers.PostedEntryDetail

    @extend_schema(
        parameters=[ON], responses=serializers.SourcesAndUsesSerializer, filters=False
    )
    @action(
        detail=False,
        url_path="sources-and-uses",
        permission="consortium.view_receipt",
    )
    def sources_and_uses(self, request: Request) -> Response:
        """Tell by fiscal year what cash came, and where it stands, as of a day."""
        found = services.sources_and_uses(on=day_asked(request.query_params))
        return Response(serializers.SourcesAndUsesSerializer(found).data)

    @extend_schema(
        parameters=[ON],
        responses=serializers.MemberYearSerializer(many=True),
        filters=False,
    )
    @action(
        detail=False,
        url_path="recognized-against-committed",
        permission="consortium.view_receipt",
        pagination_class=None,
    )
    def recognized_against_committed(self, request: Request) -> Response:
        """Tell of each member by fiscal year what was committed and recognized."""
        on = day_asked(request.query_params)
        found = services.recognized_against_committed(on=on)
        return Response(serializers.MemberYearSerializer(found, many=True).data)


class PeriodCloseViewSet(RecordViewSet):
    """Months that were closed; a month is opened again by two people."""

    queryset = PeriodClose.objects.all()
    serializer_class = serializers.PeriodCloseSerializer
    requires_key = True

    @extend_schema(
        request=serializers.CloseInput,
        responses={201: serializers.PeriodCloseSerializer},
    )
    def create(self, request: Request) -> Response:
        close = services.close_period(
            **self.validated(serializers.CloseInput),
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return self.answer(close, status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="As in 2026-07.")],
        responses=serializers.MonthStateSerializer,
        filters=False,
    )
    @action(detail=False)
    def month(self, request: Request) -> Response:
        """Say where a month stands, and what keeps it from being closed."""
        if not self.user.has_perm("consortium.view_periodclose"):
            raise exceptions.PermissionDenied
        today = timezone.localdate()
        first = filters.read_month(request.GET.get("month", f"{today:%Y-%m}"))
        if first is None or not services.first_month(today=today) <= first <= today:
            raise Http404
        found = services.month_of(first, today=today)
        balances = services.balances_of(found)
        is_to_close = found.is_to_close
        waiting = services.waiting_in(found, balances) if is_to_close else []
        told = {
            "month": str(found),
            "state": found.state.value,
            "balances": balances,
            "waiting": [one.words for one in waiting],
            "broken": services.books_that_do_not_tie() if is_to_close else [],
        }
        return Response(serializers.MonthStateSerializer(told).data)

    @extend_schema(
        request=serializers.ReopenInput,
        responses={201: serializers.PeriodReopeningSerializer},
    )
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Propose that the month is opened again; somebody else decides."""
        close = self.get_object()
        reopening = services.propose_reopening(
            close,
            **self.validated(serializers.ReopenInput),
            at=timezone.now(),
            by=self.user,
        )
        data = serializers.PeriodReopeningSerializer(reopening).data
        return Response(data, status=status.HTTP_201_CREATED)


class PeriodReopeningViewSet(RecordViewSet):
    """Proposals to open a month again, and how somebody else decided."""

    queryset = PeriodReopening.objects.all()
    serializer_class = serializers.PeriodReopeningSerializer
    requires_key = True

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        reopening, now = self.get_object(), timezone.now()
        return self.answer(services.approve_reopening(reopening, at=now, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        reopening, now = self.get_object(), timezone.now()
        return self.answer(services.refuse_reopening(reopening, at=now, by=self.user))


class ExportBatchViewSet(RecordViewSet):
    """Files for the general ledger; an entry is in one of them at most."""

    queryset = ExportBatch.objects.with_entries()
    serializer_class = serializers.ExportBatchSerializer
    requires_key = True

    @extend_schema(
        request=serializers.ExportInput,
        responses={201: serializers.ExportBatchSerializer},
    )
    def create(self, request: Request) -> Response:
        batch = services.export_entries(
            **self.validated(serializers.ExportInput), at=timezone.now(), by=self.user
        )
        return self.answer(batch, status.HTTP_201_CREATED)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=True)
    def download(self, request: Request, pk: str) -> HttpResponse:
        """Take the file as it was kept; who takes it is journaled."""
        batch = self.get_object()
        return csv_file(services.take_export(batch, by=self.user), batch.file_name)


class RecognisedAmountViewSet(RecordViewSet):
    """What finance recognized, by member and month, as it said."""

    queryset = RecognisedAmount.objects.all()
    serializer_class = serializers.RecognisedAmountSerializer
    filterset_class = filters.RecognisedAmountFilter


class RecognitionImportViewSet(RecordViewSet):
    """Files in which finance told what it recognized; each is imported once."""

    queryset = RecognitionImport.objects.all()
    serializer_class = serializers.RecognitionImportSerializer
    requires_key = True

    @extend_schema(
        request={"multipart/form-data": serializers.RecognitionInput},
        responses={
            200: serializers.RecognitionTrial,
            201: serializers.RecognitionImportSerializer,
        },
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.RecognitionInput)
        content = data["file"].read()
        if data["dry_run"]:
            return Response(self.tried(content))
        source = services.import_recognition(
            content,
            name=data["file"].name[:200],
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return self.answer(source, status.HTTP_201_CREATED)

    def get_parsers(self) -> Any:
        is_read = self.request is not None and self.request.method != "POST"
        return super().get_parsers() if is_read else [parser() for parser in FILES]

    def tried(self, content: bytes) -> Any:
        found = services.try_recognition(content, today=timezone.localdate())
        errors = [{"row": number, "detail": words} for number, words in found.errors]
        told = {"rows": len(found.rows), "errors": errors}
        return serializers.RecognitionTrial(told).data
