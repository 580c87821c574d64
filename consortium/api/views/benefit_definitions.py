"""What every member gets in a year, and what changes it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import Benefit
from .. import serializers


class BenefitViewSet(RecordViewSet):
    queryset = Benefit.objects.prefetch_related("rates")
    serializer_class = serializers.BenefitSerializer
    filterset_class = filters.BenefitFilter
    requires_key = True

    def _now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "today": timezone.localdate(), "by": self.user}

    @extend_schema(
        request=serializers.DefineBenefitInput,
        responses={201: serializers.BenefitSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.DefineBenefitInput)
        benefit = services.define_benefit(**data, at=timezone.now(), by=self.user)
        return self.answer(benefit, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.ChangeBenefitInput)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        benefit = self.get_object()
        data = self.validated(serializers.ChangeBenefitInput)
        services.change_benefit(benefit, **data, **self._now())
        return self.answer(benefit)

    @extend_schema(request=serializers.EndBenefitInput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        benefit = self.get_object()
        data = self.validated(serializers.EndBenefitInput)
        services.end_benefit(benefit, **data, **self._now())
        return self.answer(benefit)
