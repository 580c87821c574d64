"""Companies that may join, and what is asked on the page for it."""

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
from ...models import Inquiry, Prospect
from .. import serializers


class ProspectViewSet(RecordViewSet):
    """Talks with companies; what each step said stays to be read."""

    queryset = Prospect.objects.all()
    serializer_class = serializers.ProspectSerializer
    filterset_class = filters.ProspectFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_standing()

    @extend_schema(
        request=serializers.ProspectInput,
        responses={201: serializers.ProspectSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.ProspectInput)
        now = {"today": timezone.localdate(), "at": timezone.now(), "by": self.user}
        row = services.open_prospect(data.pop("organization"), **data, **now)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.StepInput, responses={201: serializers.StepSerializer}
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Write down where talks stand now."""
        prospect, at = self.get_object(), timezone.now()
        data = self.validated(serializers.StepInput)
        step = services.move_prospect(prospect, **data, at=at, by=self.user)
        shown = serializers.StepSerializer(step).data
        return Response(shown, status=status.HTTP_201_CREATED)


class InquiryViewSet(RecordViewSet):
    """What companies ask; it arrives by the page for it alone."""

    queryset = Inquiry.objects.all()
    serializer_class = serializers.InquirySerializer
    filterset_class = filters.InquiryFilter

    @extend_schema(
        request=serializers.TakeUpInput,
        responses={201: serializers.ProspectSerializer},
    )
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, request: Request, pk: str) -> Response:
        """Follow it up, of a company that is known or of a new one."""
        inquiry = self.get_object()
        data = {"organization": None} | self.validated(serializers.TakeUpInput)
        now = {"today": timezone.localdate(), "at": timezone.now(), "by": self.user}
        row = services.take_up_inquiry(inquiry, **data, **now)
        told = Prospect.objects.with_standing().get(pk=row.pk)
        shown = serializers.ProspectSerializer(told).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"], url_path="set-aside")
    def set_aside(self, request: Request, pk: str) -> Response:
        """Say that nothing follows of it; it is erased after 30 days."""
        inquiry, at = self.get_object(), timezone.now()
        data = self.validated(ReasonInput)
        row = services.set_aside_inquiry(inquiry, **data, at=at, by=self.user)
        return self.answer(row)
