"""The reminders of an invoice: read, held, and sent by hand, at its own address."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.idempotency import AnsweredOnce

from ... import services
from .. import serializers


class RemindersOfInvoice(AnsweredOnce):
    """The ladder of an invoice, and what people do with it."""

    validated: Any
    user: Any

    @extend_schema(responses=serializers.LadderOfInvoice)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def ladder(self, request: Request, pk: str) -> Response:
        """Tell what came of each rung, and how the next mail would read today."""
        return shown(self.get_object())

    @extend_schema(
        request=serializers.HoldDuesInput,
        responses={201: serializers.LadderOfInvoice},
    )
    @action(detail=True, methods=["post"], url_path="hold-reminders", requires_key=True)
    def hold_reminders(self, request: Request, pk: str) -> Response:
        invoice, data = self.get_object(), self.validated(serializers.HoldDuesInput)
        services.hold_dues(invoice, **data, today=timezone.localdate(), by=self.user)
        return shown(invoice, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=serializers.LadderOfInvoice)
    @action(detail=True, methods=["post"], url_path="release-reminders")
    def release_reminders(self, request: Request, pk: str) -> Response:
        today, now = timezone.localdate(), timezone.now()
        invoice = self.get_object()
        services.release_dues(invoice, today=today, at=now, by=self.user)
        return shown(invoice)

    @extend_schema(
        request=serializers.SendReminderInput,
        responses={201: serializers.LadderOfInvoice},
    )
    @action(detail=True, methods=["post"], requires_key=True)
    def remind(self, request: Request, pk: str) -> Response:
        """Send the next mail of the ladder now; it fills its rung."""
        invoice = self.get_object()
        data = self.validated(serializers.SendReminderInput)
        today, now = timezone.localdate(), timezone.now()
        services.send_reminder(invoice, **data, on=today, at=now, by=self.user)
        return shown(invoice, status.HTTP_201_CREATED)


def shown(invoice: Any, code: int = status.HTTP_200_OK) -> Response:
    """Answer with the ladder of an invoice as it is now."""
    today = timezone.localdate()
    rows = services.lines_reminded_of(invoice, on=today).select_related("invoice")
    told = {
        "holds": services.holds_of(invoice, on=today),
        "lines": services.ladders_of(invoice, list(rows.order_by("pk")), on=today),
        "next": services.next_reminder(invoice, on=today),
    }
    return Response(serializers.LadderOfInvoice(told).data, status=code)
