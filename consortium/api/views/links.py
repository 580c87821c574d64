"""Companies that belong together."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import OrganizationLink
from .. import serializers


class OrganizationLinkViewSet(RecordViewSet):
    queryset = OrganizationLink.objects.select_related("organization")
    serializer_class = serializers.LinkSerializer
    filterset_class = filters.LinkFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_reduction(self.user)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="open-history")
    def open_history(self, request: Request, pk: str) -> Response:
        link, today = self.get_object(), timezone.localdate()
        return self.answer(services.open_history(link, today=today, by=self.user))
