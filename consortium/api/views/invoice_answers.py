"""What a member says of an invoice: written at the invoice, read by itself."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import documents
from inm_portal.kernel.api.documents import DocumentSerializer, FileInput
from inm_portal.kernel.api.idempotency import AnsweredOnce
from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...documents import INVOICE
from ...models import (
    CustomerAnswer,
    InvoiceDelivery,
    InvoiceDispute,
    PaymentPromise,
)
from .. import serializers


class AnswersOfInvoice(AnsweredOnce):
    """What is written down of an issued invoice, at its own address."""

    validated: Any
    answer: Any
    user: Any

    @property
    def now(self) -> dict[str, Any]:
        """When and by whom."""
        return {"today": timezone.localdate(), "at": timezone.now(), "by": self.user}

    @property
    def is_of_finance(self) -> bool:
        return self.user.has_perm("consortium.change_invoice")

    @extend_schema(
        request=serializers.InvoiceDeliveryInput,
        responses={201: serializers.DeliverySerializer},
    )
    @action(detail=True, methods=["post"], url_path="deliveries", requires_key=True)
    def deliver(self, request: Request, pk: str) -> Response:
        invoice = self.get_object()
        data = self.validated(serializers.InvoiceDeliveryInput)
        delivery = services.deliver_invoice(invoice, **data, **self.now)
        return made(serializers.DeliverySerializer(delivery))

    @extend_schema(request=serializers.NumberInput)
    @action(detail=True, methods=["post"], url_path="external-number")
    def note_number(self, request: Request, pk: str) -> Response:
        """Note the number by which MIT's accounts receivable know it."""
        invoice, data = self.get_object(), self.validated(serializers.NumberInput)
        return self.answer(services.note_number(invoice, **data, by=self.user))

    @extend_schema(
        request={"multipart/form-data": FileInput},
        responses={201: DocumentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="documents", parser_classes=FILES)
    def attach(self, request: Request, pk: str) -> Response:
        """Add what accounts payable wants beside it."""
        invoice = self.get_object()
        added = documents.upload(
            **self.validated(FileInput),
            **{"kind": INVOICE, "subject": invoice},
            **{"at": timezone.now(), "by": self.user},
        )
        return made(DocumentSerializer(added))

    @extend_schema(
        request=serializers.AnswerInput,
        responses={201: serializers.AnswerSerializer},
    )
    @action(detail=True, methods=["post"], url_path="answers", requires_key=True)
    def record_answer(self, request: Request, pk: str) -> Response:
        invoice = self.get_object()
        data = self.validated(serializers.AnswerInput)
        answer = services.answer_invoice(invoice, **data, **self.now)
        return made(serializers.AnswerSerializer(answer))

    @extend_schema(
        request=serializers.PromiseToFinanceInput,
        responses={201: serializers.PromiseSerializer},
    )
    @action(detail=True, methods=["post"], url_path="promises", requires_key=True)
    def promise(self, request: Request, pk: str) -> Response:
        """Promise to pay; which contact promised is for finance to say."""
        invoice = self.get_object()
        for_finance = serializers.PromiseToFinanceInput
        asked = for_finance if self.is_of_finance else serializers.PromiseInput
        promised = services.promise_payment(
            invoice, **self.validated(asked), **self.now
        )
        rows = PaymentPromise.objects.with_standing(on=timezone.localdate())
        return made(serializers.PromiseSerializer(rows.get(pk=promised.pk)))

    @extend_schema(
        request=serializers.DisputeByFinanceInput,
        responses={201: serializers.InvoiceDisputeSerializer},
    )
    @action(detail=True, methods=["post"], url_path="disputes", requires_key=True)
    def dispute(self, request: Request, pk: str) -> Response:
        """Dispute it; who sees to it, and by when, is for finance to say."""
        invoice = self.get_object()
        for_finance = serializers.DisputeByFinanceInput
        asked = for_finance if self.is_of_finance else serializers.InvoiceDisputeInput
        data = self.validated(asked)
        disputed = services.dispute_invoice(
            invoice, **data, at=timezone.now(), by=self.user
        )
        shown = InvoiceDispute.objects.with_standing().get(pk=disputed.pk)
        return made(serializers.InvoiceDisputeSerializer(shown))


def made(serializer: Any) -> Response:
    return Response(serializer.data, status=status.HTTP_201_CREATED)


class InvoiceDeliveryViewSet(RecordViewSet):
    """How and when invoices were handed over."""

    queryset = InvoiceDelivery.objects.all()
    serializer_class = serializers.DeliverySerializer
    filterset_class = filters.InvoiceDeliveryFilter


class CustomerAnswerViewSet(RecordViewSet):
    """What payables said to invoices; the last answer counts."""

    queryset = CustomerAnswer.objects.all()
    serializer_class = serializers.AnswerSerializer
    filterset_class = filters.CustomerAnswerFilter


class PaymentPromiseViewSet(RecordViewSet):
    """By which day members said that they pay."""

    queryset = PaymentPromise.objects.all()
    serializer_class = serializers.PromiseSerializer
    filterset_class = filters.PaymentPromiseFilter
    requires_key = True

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing(on=timezone.localdate())

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        promise, now = self.get_object(), timezone.now()
        return self.answer(services.withdraw_promise(promise, at=now, by=self.user))


class InvoiceDisputeViewSet(RecordViewSet):
    """What members do not accept of invoices, and how that ended."""

    queryset = InvoiceDispute.objects.select_related("resolution").with_standing()
    serializer_class = serializers.InvoiceDisputeSerializer
    filterset_class = filters.InvoiceDisputeFilter
    requires_key = True

    @extend_schema(request=serializers.InvoiceSettlementInput)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        dispute, now = self.get_object(), timezone.now()
        data = self.validated(serializers.InvoiceSettlementInput)
        services.settle_invoice_dispute(dispute, **data, at=now, by=self.user)
        return self.answer(dispute)

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        dispute, now = self.get_object(), timezone.now()
        data = self.validated(ReasonInput)
        services.withdraw_dispute(dispute, **data, at=now, by=self.user)
        return self.answer(dispute)
