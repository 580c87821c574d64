"""How likely staff hold the renewal of each term."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import RenewalEstimate
from .. import serializers


class RenewalEstimateViewSet(RecordViewSet):
    queryset = RenewalEstimate.objects.all()
    serializer_class = serializers.RenewalEstimateSerializer
    filterset_class = filters.RenewalEstimateFilter


class RenewalOfAgreement:
    """The renewal of a term, at the address of its agreement."""

    user: Any
    get_object: Any
    validated: Any

    @extend_schema(
        request=serializers.RenewalEstimateInput,
        responses={201: serializers.RenewalEstimateSerializer},
    )
    @action(detail=True, methods=["post"], url_path="estimate-renewal")
    def estimate_renewal(self, request: Request, pk: str) -> Response:
        """Say in percent how likely the term is followed by another, and why."""
        agreement = self.get_object()
        data = self.validated(serializers.RenewalEstimateInput)
        estimate = services.estimate_renewal(
            agreement,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        shown = serializers.RenewalEstimateSerializer(estimate).data
        return Response(shown, status=status.HTTP_201_CREATED)
