"""Instalments of fees, and the invoices that ask for them."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.exports.papers import pdf_file

from ... import filters
from ...models import CreditNote, Instalment, Invoice, InvoiceDispute, InvoiceLine
from .. import serializers


class InstalmentViewSet(RecordViewSet):
    """By which payments the fee of each commitment year comes due."""

    queryset = Instalment.objects.with_organization()
    serializer_class = serializers.InstalmentSerializer
    filterset_class = filters.InstalmentFilter


class InvoiceViewSet(RecordViewSet):
    """What members are asked to pay, with what settled it and what is open."""

    queryset = Invoice.objects.with_open()
    serializer_class = serializers.InvoiceSerializer
    filterset_class = filters.InvoiceFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        notes = CreditNote.objects.permitted(self.user, "view").with_total()
        disputes = InvoiceDispute.objects.select_related("resolution")
        return rows.select_related("pdf").prefetch_related(
            Prefetch("lines", InvoiceLine.objects.with_open()),
            *["deliveries", "answers", "promises"],
            Prefetch("disputes", disputes),
            Prefetch("credit_notes", notes),
        )

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.InvoiceSerializer
        return serializers.InvoiceDetail

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def download(self, request: Request, pk: str) -> HttpResponse:
        invoice = self.get_object()
        if not invoice.number:
            raise Http404
        return pdf_file(invoice.pdf.content, str(invoice.pdf))
