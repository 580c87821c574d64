"""The list of exceptions of all members."""

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters
from ...models import AgreementException
from .. import serializers


class AgreementExceptionViewSet(RecordViewSet):
    queryset = AgreementException.objects.in_words()
    serializer_class = serializers.ExceptionSerializer
    filterset_class = filters.ExceptionFilter
    is_alike = True
