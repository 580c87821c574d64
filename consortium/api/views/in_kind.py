"""What was said of the value of things in kind: written at the credit, read here."""

from typing import Any

from django.db.models import F

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters
from ...models import Appraisal, Valuation, ValuationDispute
from .. import serializers


class OfItemViewSet(RecordViewSet):
    """Rows of things in kind, each with the credit that it is about."""

    def get_queryset(self) -> Any:
        return super().get_queryset().annotate(of_credit=F("item__credit"))


class AppraisalViewSet(OfItemViewSet):
    """What independent appraisers found."""

    queryset = Appraisal.objects.all()
    serializer_class = serializers.ListedAppraisal
    filterset_class = filters.AppraisalFilter


class ValuationViewSet(OfItemViewSet):
    """What things are worth by which method; the last valuation of each stands."""

    queryset = Valuation.objects.all()
    serializer_class = serializers.ListedValuation
    filterset_class = filters.ValuationFilter


class ValuationDisputeViewSet(OfItemViewSet):
    """Figures that are held against accepted ones, and what came of each."""

    queryset = ValuationDispute.objects.select_related("outcome")
    serializer_class = serializers.ListedDispute
    filterset_class = filters.ValuationDisputeFilter
