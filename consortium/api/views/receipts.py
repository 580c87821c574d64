"""Money that arrived, and whose it is."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import documents
from inm_portal.kernel.api.documents import DocumentSerializer, FileInput
from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...documents import REMITTANCE
from ...models import Receipt, ReceiptShare
from .. import serializers
from .matching import suggested


class ReceiptViewSet(RecordViewSet):
    """Money that arrived, for those who answer for the books."""

    queryset = Receipt.objects.with_left()
    serializer_class = serializers.ReceiptDetail
    filterset_class = filters.ReceiptFilter
    requires_key = True
    is_alike = True

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        shares = ReceiptShare.objects.with_unapplied().order_by("pk")
        return rows.prefetch_related(Prefetch("shares", shares))

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.ReceiptSerializer
        return super().get_serializer_class()

    @extend_schema(
        request=serializers.ReceiptInput, responses={201: serializers.ReceiptDetail}
    )
    def create(self, request: Request) -> Response:
        receipt = services.record_receipt(
            **self.validated(serializers.ReceiptInput),
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return self.answer(receipt, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        receipt, now = self.get_object(), timezone.now()
        return self.answer(services.approve_receipt(receipt, at=now, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        receipt, now = self.get_object(), timezone.now()
        return self.answer(services.refuse_receipt(receipt, at=now, by=self.user))

    @extend_schema(
        request={"multipart/form-data": FileInput},
        responses={201: DocumentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="documents", parser_classes=FILES)
    def attach(self, request: Request, pk: str) -> Response:
        receipt = self.get_object()
        added = documents.upload(
            **self.validated(FileInput),
            kind=REMITTANCE,
            subject=receipt,
            at=timezone.now(),
            by=self.user,
        )
        shown = DocumentSerializer(added).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(responses=serializers.SuggestionSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def suggestions(self, request: Request, pk: str) -> Response:
        return suggested(services.suggest_for_receipt(self.get_object()))

    @extend_schema(request=serializers.ShareInput)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, pk: str) -> Response:
        receipt, data = self.get_object(), self.validated(serializers.ShareInput)
        parts = [services.SharePart(**part) for part in data["parts"]]
        services.share_receipt(receipt, parts, at=timezone.now(), by=self.user)
        return self.answer(receipt)

    @extend_schema(request=serializers.BounceInput)
    @action(detail=True, methods=["post"])
    def bounce(self, request: Request, pk: str) -> Response:
        receipt, data = self.get_object(), self.validated(serializers.BounceInput)
        today, now = timezone.localdate(), timezone.now()
        services.bounce_receipt(receipt, **data, today=today, at=now, by=self.user)
        return self.answer(receipt)
