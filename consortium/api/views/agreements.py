"""Agreements, from the draft to the signing, and where each differs."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import documents
from inm_portal.kernel.api.documents import DocumentSerializer, FileInput
from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import filters, services
from ...documents import AGREEMENT
from ...models import Agreement, Deviation
from .. import serializers
from ..parameters import IF_MATCH, ON
from .renewals import RenewalOfAgreement
from .signing import SignedViewSet


@extend_schema_view(retrieve=extend_schema(parameters=[ON]))
class AgreementViewSet(RenewalOfAgreement, SignedViewSet):
    queryset = Agreement.objects.all()
    serializer_class = serializers.AgreementDetail
    filterset_class = filters.AgreementFilter
    requires_key = True
    waiving = staticmethod(services.waive_floor)
    signing = staticmethod(services.sign_agreement)
    is_alike = True

    def get_queryset(self) -> Any:
        on = filters.day_asked(self.request.query_params)
        rows = super().get_queryset().as_known(on=on)
        if self.action == "list":
            return rows
        return rows.select_related("waiver").prefetch_related("years", "deviations")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.AgreementSerializer
        return super().get_serializer_class()

    @extend_schema(request=serializers.AgreementInput, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.AgreementInput)
        return self.answer(
            services.change_draft(
                agreement, **data, version=version_of(request), by=self.user
            )
        )

    @extend_schema(
        request={"multipart/form-data": serializers.TerminationInput},
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def terminate(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.TerminationInput)
        return self.answer(
            services.terminate_agreement(
                agreement,
                **data,
                version=version_of(request),
                today=timezone.localdate(),
                at=timezone.now(),
                by=self.user,
            )
        )

    @extend_schema(
        request=serializers.DeviationSerializer,
        responses={201: serializers.DeviationSerializer},
    )
    @action(detail=True, methods=["post"], url_path="deviations")
    def add_deviation(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.DeviationSerializer)
        added = services.add_deviation(agreement, **data, by=self.user)
        shown = serializers.DeviationSerializer(added).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"multipart/form-data": FileInput},
        responses={201: DocumentSerializer},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="documents",
        parser_classes=FILES,
    )
    def attach(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        added = documents.upload(
            **self.validated(FileInput),
            kind=AGREEMENT,
            subject=agreement,
            at=timezone.now(),
            by=self.user,
        )
        shown = DocumentSerializer(added).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.AmendmentInput,
        responses={201: serializers.AmendmentDetail},
    )
    @action(detail=True, methods=["post"], url_path="amendments")
    def amend(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.AmendmentInput)
        today = timezone.localdate()
        drafted = services.draft_amendment(agreement, **data, today=today, by=self.user)
        shown = serializers.AmendmentDetail(drafted).data
        return Response(shown, status=status.HTTP_201_CREATED)


class DeviationViewSet(RecordViewSet):
    queryset = Deviation.objects.select_related("agreement__organization")
    serializer_class = serializers.DeviationSerializer
    requires_key = True

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        services.remove_deviation(self.get_object(), by=self.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
