"""What members get in each year, and what they used of it."""

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
from ...models import BenefitUse, Entitlement
from .. import serializers


class EntitlementViewSet(RecordViewSet):
    queryset = Entitlement.objects.all()
    serializer_class = serializers.EntitlementSerializer
    filterset_class = filters.EntitlementFilter
    requires_key = True
    is_alike = True

    def get_queryset(self) -> Any:
        return super().get_queryset().standing(on=timezone.localdate())

    def _now(self) -> dict[str, Any]:
        now, today = timezone.now(), timezone.localdate()
        return {"at": now, "today": today, "by": self.user}

    @extend_schema(
        request=serializers.UseBenefitInput,
        responses={201: serializers.BenefitUseSerializer},
    )
    @action(detail=True, methods=["post"])
    def use(self, request: Request, pk: str) -> Response:
        one = self.get_object()
        data = self.validated(serializers.UseBenefitInput)
        use = services.use_benefit(one, **data, **self._now())
        shown = serializers.BenefitUseSerializer(use).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=serializers.GrantBenefitInput)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: str) -> Response:
        one = self.get_object()
        data = self.validated(serializers.GrantBenefitInput)
        services.grant_benefit(one, **data, **self._now())
        return self.answer(one)


class BenefitUseViewSet(RecordViewSet):
    queryset = BenefitUse.objects.all()
    serializer_class = serializers.BenefitUseSerializer
    filterset_class = filters.BenefitUseFilter
    requires_key = True

    @extend_schema(
        request=ReasonInput, responses={201: serializers.BenefitUseSerializer}
    )
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        use = self.get_object()
        data = self.validated(ReasonInput)
        row = services.reverse_use(use, **data, at=timezone.now(), by=self.user)
        return self.answer(row, status.HTTP_201_CREATED)
