"""Amendments: change, preview, waive, sign, abandon."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import version_of

from ... import filters, services
from ...models import Amendment
from .. import serializers
from ..parameters import IF_MATCH
from .signing import SignedViewSet


class AmendmentViewSet(SignedViewSet):
    queryset = Amendment.objects.all()
    serializer_class = serializers.AmendmentDetail
    filterset_class = filters.AmendmentFilter
    requires_key = True
    waiving = staticmethod(services.waive_amendment)
    signing = staticmethod(services.sign_amendment)

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        related = rows.select_related("waiver", "agreement__organization")
        return related.prefetch_related("years")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.AmendmentSerializer
        return super().get_serializer_class()

    @extend_schema(request=serializers.AmendmentInput, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        amendment = self.get_object()
        data = self.validated(serializers.AmendmentInput)
        return self.answer(
            services.change_amendment(
                amendment,
                **data,
                version=version_of(request),
                today=timezone.localdate(),
                by=self.user,
            )
        )

    @extend_schema(responses=serializers.PreviewSerializer)
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        amendment = self.get_object()
        shown = services.preview_of(amendment, today=timezone.localdate())
        parts = services.elsewhere(shown)
        told = {
            "years": shown.years,
            "terms": shown.terms,
            "forecast": shown,
            "needs_waiver": shown.needs_waiver,
            "elsewhere": [{"part": part, "changes": found} for part, found in parts],
            "letter": services.letter_of(amendment, shown).text,
        }
        return Response(serializers.PreviewSerializer(told).data)

    @extend_schema(request=serializers.WaiverInput)
    @action(detail=True, methods=["post"])
    def abandon(self, request: Request, pk: str) -> Response:
        amendment = self.get_object()
        data = self.validated(serializers.WaiverInput)
        return self.answer(services.abandon_amendment(amendment, **data, by=self.user))
