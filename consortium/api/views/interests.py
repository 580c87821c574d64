"""Interests in a member that people at INM disclose."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import services
from ...models import Interest
from .. import serializers


class InterestViewSet(RecordViewSet):
    queryset = Interest.objects.all()
    serializer_class = serializers.InterestSerializer

    @extend_schema(request=serializers.EndInterestInput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        interest = self.get_object()
        data = self.validated(serializers.EndInterestInput)
        return self.answer(services.end_interest(interest, **data, by=self.user))
