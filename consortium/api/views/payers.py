"""Who pays at a member: its profile, purchase orders and announced payments."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.documents import DocumentSerializer, FileInput
from inm_portal.kernel.api.idempotency import AnsweredOnce
from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import filters, services
from ...models import Organization, PayerProfile, PurchaseOrder, RemittanceAdvice
from .. import serializers
from ..parameters import IF_MATCH
from .invoice_answers import made

#: What only those who keep payer profiles hold.
KEEP = "consortium.change_payerprofile"


def payer_input(request: Request) -> Any:
    """
    Return what somebody may send of a payer profile.

    :raises PermissionDenied: if a member sends what is finance's to keep.
    """
    if request.user.has_perm(KEEP):
        return serializers.PayerByFinanceInput
    if sent := [name for name in serializers.OF_FINANCE if name in request.data]:
        raise PermissionDenied(f"Only finance writes down: {', '.join(sent)}.")
    return serializers.PayerInput


def keep(organization: Organization, user: Any, **data: Any) -> PayerProfile:
    """Write down where invoices go, as finance or as the member itself."""
    if user.has_perm(KEEP):
        return services.keep_payer(organization, **data, by=user)
    now: Any = {"today": timezone.localdate(), "at": timezone.now()}
    return services.describe_payer(organization, **data, **now, by=user)


class PayingOfOrganization(AnsweredOnce):
    """What is written down of how a member pays, at its own address."""

    validated: Any
    user: Any

    @extend_schema(
        request=serializers.PayerByFinanceInput,
        responses={201: serializers.PayerProfileSerializer},
    )
    @action(detail=True, methods=["post"], url_path="payer", requires_key=True)
    def describe_payer(self, request: Request, pk: str) -> Response:
        """Say where invoices go; terms and checks are for finance to say."""
        organization = self.get_object()
        data = self.validated(payer_input(request))
        profile = keep(organization, self.user, version=0, **data)
        return made(serializers.PayerProfileSerializer(profile))

    @extend_schema(
        request={
            "application/json": serializers.PurchaseOrderInput,
            "multipart/form-data": serializers.PurchaseOrderInput,
        },
        responses={201: serializers.PurchaseOrderSerializer},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="purchase-orders",
        parser_classes=FILES,
        requires_key=True,
    )
    def record_order(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.PurchaseOrderInput)
        now = timezone.now()
        order = services.record_order(organization, **data, at=now, by=self.user)
        rows = PurchaseOrder.objects.with_standing(on=timezone.localdate())
        return made(serializers.PurchaseOrderSerializer(rows.get(pk=order.pk)))

    @extend_schema(
        request={
            "application/json": serializers.RemittanceAdviceInput,
            "multipart/form-data": serializers.RemittanceAdviceInput,
        },
        responses={201: serializers.RemittanceAdviceDetail},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="remittance-advices",
        parser_classes=FILES,
        requires_key=True,
    )
    def advise_payment(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.RemittanceAdviceInput)
        now = {"today": timezone.localdate(), "at": timezone.now(), "by": self.user}
        advice = services.advise_payment(organization, **data, **now)
        shown = RemittanceAdvice.objects.with_standing().get(pk=advice.pk)
        return made(serializers.RemittanceAdviceDetail(shown))


class PayerProfileViewSet(RecordViewSet):
    """To whom invoices of members go, and what their payables wait for."""

    queryset = PayerProfile.objects.all()
    serializer_class = serializers.PayerProfileSerializer
    filterset_class = filters.PayerProfileFilter

    @extend_schema(request=serializers.PayerByFinanceInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change it; terms and checks are for finance to say."""
        profile = self.get_object()
        data = self.validated(payer_input(request), partial=True)
        version, member = version_of(request), profile.organization
        return self.answer(keep(member, self.user, version=version, **data))


class PurchaseOrderViewSet(RecordViewSet):
    """Up to which amounts, and until when, members approve invoices."""

    queryset = PurchaseOrder.objects.all()
    serializer_class = serializers.PurchaseOrderSerializer
    filterset_class = filters.PurchaseOrderFilter
    requires_key = True

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing(on=timezone.localdate())

    @extend_schema(request=serializers.PurchaseOrderChange, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        order = self.get_object()
        data = self.validated(serializers.PurchaseOrderChange, partial=True)
        given = {"amount": order.amount, "ends_on": order.ends_on} | data
        now, version = timezone.now(), version_of(request)
        changed = services.change_order(
            order, **given, at=now, version=version, by=self.user
        )
        return self.answer(changed)

    @extend_schema(request=serializers.OrderEndInput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        order = self.get_object()
        data = self.validated(serializers.OrderEndInput)
        return self.answer(services.end_order(order, **data, by=self.user))


class RemittanceAdviceViewSet(RecordViewSet):
    """What members say that they paid, before their money is recorded."""

    queryset = RemittanceAdvice.objects.with_standing()
    serializer_class = serializers.RemittanceAdviceDetail
    filterset_class = filters.RemittanceAdviceFilter
    requires_key = True

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("covered")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.RemittanceAdviceSerializer
        return super().get_serializer_class()

    @extend_schema(
        request={"multipart/form-data": FileInput},
        responses={201: DocumentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="documents", parser_classes=FILES)
    def attach(self, request: Request, pk: str) -> Response:
        """Add what came with it later."""
        advice, data = self.get_object(), self.validated(FileInput)
        now = timezone.now()
        added = services.document_advice(advice, **data, at=now, by=self.user)
        shown = DocumentSerializer(added).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        advice, now = self.get_object(), timezone.now()
        return self.answer(services.withdraw_advice(advice, at=now, by=self.user))
