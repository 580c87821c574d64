"""How members are, and when INM last spoke with each."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import HealthNote, Organization, with_signs
from .. import serializers


class HealthNoteViewSet(RecordViewSet):
    """Notes of how members are; the latest of each holds."""

    queryset = HealthNote.objects.all()
    serializer_class = serializers.HealthNoteSerializer
    filterset_class = filters.HealthNoteFilter

    @extend_schema(
        request=serializers.HealthInput,
        responses={201: serializers.HealthNoteSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.HealthInput)
        row = services.note_health(
            data.pop("organization"),
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return self.answer(row, status.HTTP_201_CREATED)


class RelationshipViewSet(RecordViewSet):
    """Members by who looks after them, and by what tells that one may not renew."""

    queryset = Organization.objects.all()
    serializer_class = serializers.RelationshipSerializer
    filterset_class = filters.RelationshipFilter

    def get_queryset(self) -> Any:
        today = timezone.localdate()
        rows: Any = self.queryset.permitted(self.user, "see_care")
        return with_signs(rows.with_membership(on=today), on=today)
