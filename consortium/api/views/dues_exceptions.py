"""What finance looks at of dues, for programs."""

from typing import Any

from django.utils import timezone

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters
from ...models import DuesException
from .. import serializers


class DuesExceptionViewSet(RecordViewSet):
    """Where the ladder of dues did not get through, or was let down."""

    queryset = DuesException.objects.all()
    serializer_class = serializers.DuesExceptionSerializer
    filterset_class = filters.DuesExceptionFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().by(timezone.localdate())
