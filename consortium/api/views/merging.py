"""Two contacts that were one person, parted again."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import services
from ...models import ContactMerge
from .. import serializers


class ContactMergeViewSet(RecordViewSet):
    queryset = ContactMerge.objects.select_related("survivor__organization")
    serializer_class = serializers.ContactMergeSerializer

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        merge, now = self.get_object(), timezone.now()
        return self.answer(services.undo_contact_merge(merge, at=now, by=self.user))
