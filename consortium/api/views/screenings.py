"""What screenings of companies said."""

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters
from ...models import Screening
from .. import serializers


class ScreeningViewSet(RecordViewSet):
    queryset = Screening.objects.all()
    serializer_class = serializers.ScreeningSerializer
    filterset_class = filters.ScreeningFilter
