"""What waits of money, shares, what is written off and what is paid back."""

from typing import Any

from django.db.models import F
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import (
    Allocation,
    InvoiceLine,
    ReceiptShare,
    Refund,
    WaitingMoney,
    WriteOff,
)
from ...services import GivenUp, LinePart
from .. import serializers


class WaitingMoneyViewSet(RecordViewSet):
    """Money that somebody is to see to, for those who see the books."""

    queryset = WaitingMoney.objects.all()
    serializer_class = serializers.WaitingMoneySerializer
    filterset_class = filters.WaitingMoneyFilter


def suggested(found: Any) -> Response:
    return Response(serializers.SuggestionSerializer(found, many=True).data)


def parts_of(data: dict[str, Any]) -> list[LinePart]:
    return [LinePart(**part) for part in data["parts"]]


class ReceiptShareViewSet(RecordViewSet):
    """What of a receipt is a member's; a member reads its own."""

    queryset = ReceiptShare.objects.with_unapplied()
    serializer_class = serializers.ReceiptShareSerializer
    filterset_class = filters.ReceiptShareFilter
    requires_key = True

    @extend_schema(responses=serializers.SuggestionSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def suggestions(self, request: Request, pk: str) -> Response:
        share = self.get_object()
        return suggested(services.suggest_for_share(share))

    @extend_schema(
        request=serializers.AllocationInput,
        responses={201: serializers.AllocationSerializer(many=True)},
    )
    @action(detail=True, methods=["post"])
    def allocate(self, request: Request, pk: str) -> Response:
        share, data = self.get_object(), self.validated(serializers.AllocationInput)
        made = services.allocate(
            share,
            parts_of(data),
            reason=data["reason"],
            at=timezone.now(),
            by=self.user,
        )
        return made_allocations(made)

    @extend_schema(
        request={
            "multipart/form-data": serializers.CashSettlementInput,
            "application/json": serializers.CashSettlementInput,
        },
        responses={201: serializers.CashSettlementSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def settle(self, request: Request, pk: str) -> Response:
        """Apply money, and give up what it is short by: all or nothing."""
        share, data = self.get_object(), self.validated(serializers.CashSettlementInput)
        given_up = [GivenUp(**part) for part in data.pop("given_up")]
        require_may_write_off({one.line.pk for one in given_up}, self.user)
        settled = services.settle(
            share,
            [LinePart(**part) for part in data.pop("parts")],
            given_up,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return made_settlement(settled)

    @extend_schema(
        request=serializers.RefundInput, responses={201: serializers.RefundSerializer}
    )
    @action(detail=True, methods=["post"])
    def refund(self, request: Request, pk: str) -> Response:
        share, data = self.get_object(), self.validated(serializers.RefundInput)
        refund = services.propose_refund(share, **data, at=timezone.now(), by=self.user)
        row = told_refunds().get(pk=refund.pk)
        shown = serializers.RefundSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        share, data = self.get_object(), self.validated(ReasonInput)
        services.reverse_share(share, **data, at=timezone.now(), by=self.user)
        return self.answer(share)


def told_allocations() -> Any:
    """Return allocations with what is told of each."""
    return Allocation.objects.with_reversal().annotate(
        line_invoice=F("line__invoice"),
        share_receipt=F("share__receipt"),
        entry_value_on=F("entry__value_on"),
    )


def those_made(rows: Any, made: list[Any]) -> Any:
    """Return what was just made, with what is told of each."""
    return rows.filter(pk__in=[one.pk for one in made]).order_by("pk")


def made_allocations(made: list[Allocation]) -> Response:
    rows = those_made(told_allocations(), made)
    shown = serializers.AllocationSerializer(rows, many=True).data
    return Response(shown, status=status.HTTP_201_CREATED)


def made_settlement(settled: services.Settlement) -> Response:
    shown = serializers.CashSettlementSerializer(
        {
            "allocations": those_made(told_allocations(), settled.allocations),
            "write_offs": those_made(told_write_offs(), settled.write_offs),
        }
    )
    return Response(shown.data, status=status.HTTP_201_CREATED)


def require_may_write_off(lines: set[int], user: Any) -> None:
    """
    Let nobody give up what they may not; who issued an invoice does not.

    :raises PermissionDenied: if any of the lines is of that kind.
    """
    own = InvoiceLine.objects.filter(pk__in=lines).permitted(user, "write_off")
    if own.count() < len(lines):
        raise PermissionDenied


def told_write_offs() -> Any:
    """Return write-offs with what is told of each."""
    return WriteOff.objects.with_reversal().annotate(line_invoice=F("line__invoice"))


def told_refunds() -> Any:
    """Return refunds with what is told of each."""
    return Refund.objects.with_reversal().annotate(share_receipt=F("share__receipt"))


class AllocationViewSet(RecordViewSet):
    """Cash applied to invoices; a member reads what of its own is."""

    queryset = told_allocations()
    serializer_class = serializers.AllocationSerializer
    filterset_class = filters.AllocationFilter
    requires_key = True

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        allocation, data = self.get_object(), self.validated(ReasonInput)
        services.reverse_allocation(allocation, **data, at=timezone.now(), by=self.user)
        return self.answer(allocation)

    @extend_schema(
        request=serializers.ReallocationInput,
        responses={201: serializers.AllocationSerializer(many=True)},
    )
    @action(detail=True, methods=["post"])
    def reallocate(self, request: Request, pk: str) -> Response:
        allocation = self.get_object()
        data = self.validated(serializers.ReallocationInput)
        made = services.reallocate(
            allocation,
            parts_of(data),
            reason=data["reason"],
            at=timezone.now(),
            by=self.user,
        )
        return made_allocations(made)


class WriteOffViewSet(RecordViewSet):
    """What is given up of invoices, for those who see the books."""

    queryset = told_write_offs()
    serializer_class = serializers.WriteOffSerializer
    filterset_class = filters.WriteOffFilter
    parser_classes = FILES
    requires_key = True

    @extend_schema(
        request={
            "multipart/form-data": serializers.WriteOffInput,
            "application/json": serializers.WriteOffInput,
        },
        responses={201: serializers.WriteOffSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.WriteOffInput)
        line = data.pop("line")
        if not self.user.has_perm("consortium.write_off_invoiceline", line):
            raise PermissionDenied
        row = services.write_off(
            InvoiceLine.objects.select_related("invoice__organization").get(pk=line.pk),
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        row, today = self.get_object(), timezone.localdate()
        services.approve_write_off(row, today=today, at=timezone.now(), by=self.user)
        return self.answer(row)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        services.refuse_write_off(row, at=timezone.now(), by=self.user)
        return self.answer(row)

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        row, data = self.get_object(), self.validated(ReasonInput)
        services.reverse_write_off(row, **data, at=timezone.now(), by=self.user)
        return self.answer(row)


class RefundViewSet(RecordViewSet):
    """Money paid back, for those who see the books; it is proposed on its share."""

    queryset = told_refunds()
    serializer_class = serializers.RefundSerializer
    filterset_class = filters.RefundFilter
    requires_key = True

    @property
    def now(self) -> dict[str, Any]:
        """When and by whom."""
        return {"at": timezone.now(), "today": timezone.localdate(), "by": self.user}

    @extend_schema(request=serializers.RefundPaidInput)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        refund, data = self.get_object(), self.validated(serializers.RefundPaidInput)
        return self.answer(services.approve_refund(refund, **data, **self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        refund, now = self.get_object(), timezone.now()
        return self.answer(services.refuse_refund(refund, at=now, by=self.user))

    @extend_schema(request=serializers.BounceInput)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        refund, data = self.get_object(), self.validated(serializers.BounceInput)
        return self.answer(services.reverse_refund(refund, **data, **self.now))
