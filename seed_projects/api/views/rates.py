"""Rates of budgets, by programs: read by everybody, recorded by the office."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import CostRate


class CostRateSerializer(RecordSerializer):
    """A percentage, or of tuition an amount in US dollars a year."""

    class Meta:
        model = CostRate
        fields = ["id", "kind", "starts_on", "percent", "amount", "recorded_at"]


class CostRateInput(RecordSerializer):
    class Meta:
        model = CostRate
        fields = ["kind", "starts_on", "percent", "amount"]


class CostRateViewSet(RecordViewSet):
    """Rates of the institute, each from a day on until another one begins."""

    queryset = CostRate.objects.all()
    serializer_class = CostRateSerializer
    filterset_class = filters.RateFilter

    def may_create(self, user: Any) -> bool:
        return bool(user.has_perm("seed_projects.add_costrate"))

    @extend_schema(request=CostRateInput, responses={201: CostRateSerializer})
    def create(self, request: Request) -> Response:
        data = self.validated(CostRateInput)
        rate = services.record_rate(**data, at=timezone.now(), by=self.user)
        return self.answer(rate, status.HTTP_201_CREATED)
