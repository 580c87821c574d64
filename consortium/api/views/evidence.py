"""Documents that show contributions."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import documents
from inm_portal.kernel.api.documents import DocumentSerializer, FileInput
from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import filters, services
from ...documents import EVIDENCE
from ...models import Evidence
from .. import serializers
from ..parameters import IF_MATCH


class EvidenceViewSet(RecordViewSet):
    queryset = Evidence.objects.with_used()
    serializer_class = serializers.EvidenceSerializer
    filterset_class = filters.EvidenceFilter
    requires_key = True

    @extend_schema(request=serializers.EvidenceChange, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        evidence = self.get_object()
        data = self.validated(serializers.EvidenceChange, partial=True)
        changed = services.change_evidence(
            evidence, **data, version=version_of(request), by=self.user
        )
        return self.answer(changed)

    @extend_schema(
        request={"multipart/form-data": FileInput},
        responses={201: DocumentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="documents", parser_classes=FILES)
    def attach(self, request: Request, pk: str) -> Response:
        evidence = self.get_object()
        added = documents.upload(
            **self.validated(FileInput),
            kind=EVIDENCE,
            subject=evidence,
            at=timezone.now(),
            by=self.user,
        )
        shown = DocumentSerializer(added).data
        return Response(shown, status=status.HTTP_201_CREATED)
