"""Each operation: read what the caller may see, or call one service."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.accounts.api import ErasureInput
from inm_portal.kernel import documents
from inm_portal.kernel.api.documents import DocumentSerializer, FileInput
from inm_portal.kernel.api.parsers import PlainJSONParser
from inm_portal.kernel.api.views import RecordViewSet, version_of

from .. import filters, services
from ..documents import AGREEMENT
from ..models import (
    Agreement,
    CommitmentYear,
    Contact,
    ContactMerge,
    Organization,
    RoleAssignment,
)
from . import columns, serializers

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag that was read; an edit of an older version is refused.",
)


class OrganizationViewSet(RecordViewSet):
    queryset = Organization.objects.all()
    serializer_class = serializers.OrganizationDetail
    filterset_class = filters.OrganizationFilter

    def get_queryset(self) -> Any:
        rows, today = super().get_queryset(), timezone.localdate()
        if self.action == "list":
            return rows.annotate(**columns.membership(today))
        detailed = rows.with_membership(on=today)
        return detailed.prefetch_related("sites", "former_names")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.OrganizationSerializer
        return super().get_serializer_class()

    @extend_schema(request=serializers.OrganizationInput)
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.OrganizationInput)
        created = services.add_organization(
            **data, today=timezone.localdate(), by=self.user
        )
        return self.answer(created, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.OrganizationChange, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.OrganizationChange, partial=True)
        return self.answer(
            services.change_organization(
                organization, **data, version=version_of(request), by=self.user
            )
        )

    @extend_schema(request=serializers.RenameInput)
    @action(detail=True, methods=["post"])
    def rename(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.RenameInput)
        return self.answer(
            services.rename_organization(
                organization, **data, today=timezone.localdate(), by=self.user
            )
        )

    @extend_schema(
        request=serializers.SiteSerializer,
        responses={201: serializers.SiteSerializer},
    )
    @action(detail=True, methods=["post"], url_path="sites")
    def add_site(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.SiteSerializer)
        site = services.add_site(organization, **data, by=self.user)
        return Response(
            serializers.SiteSerializer(site).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(
        request=serializers.ContactInput,
        responses={201: serializers.ContactSerializer},
    )
    @action(detail=True, methods=["post"], url_path="contacts")
    def add_contact(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.ContactInput)
        today = timezone.localdate()
        contact = services.add_contact(organization, **data, on=today, by=self.user)
        contact.current_roles = []
        return Response(
            serializers.ContactSerializer(contact).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(
        request=serializers.AgreementInput,
        responses={201: serializers.AgreementSerializer},
    )
    @action(detail=True, methods=["post"], url_path="agreements")
    def draft_agreement(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.AgreementInput)
        drafted = services.draft_agreement(organization, **data, by=self.user)
        shown = Agreement.objects.with_total().get(pk=drafted.pk)
        return Response(
            serializers.AgreementSerializer(shown).data, status=status.HTTP_201_CREATED
        )


class ContactViewSet(RecordViewSet):
    queryset = Contact.objects.all()
    serializer_class = serializers.ContactSerializer
    filterset_class = filters.ContactFilter

    def get_queryset(self) -> Any:
        rows, today = super().get_queryset(), timezone.localdate()
        if self.action == "list":
            return rows.annotate(**columns.roles(today))
        return rows.with_roles(on=today)

    @extend_schema(request=serializers.ContactInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        contact = self.get_object()
        data = self.validated(serializers.ContactInput, partial=True)
        return self.answer(
            services.change_contact(
                contact,
                **data,
                version=version_of(request),
                on=timezone.localdate(),
                by=self.user,
            )
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        contact, today = self.get_object(), timezone.localdate()
        return self.answer(services.confirm_contact(contact, on=today, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        contact, now = self.get_object(), timezone.now()
        return self.answer(services.invite_contact(contact, at=now, by=self.user))

    @extend_schema(request=serializers.DepartureInput)
    @action(detail=True, methods=["post"])
    def depart(self, request: Request, pk: str) -> Response:
        contact = self.get_object()
        data = self.validated(serializers.DepartureInput)
        today = timezone.localdate()
        return self.answer(
            services.depart_contact(contact, **data, today=today, by=self.user)
        )

    @extend_schema(request=ErasureInput)
    @action(detail=True, methods=["post"])
    def erase(self, request: Request, pk: str) -> Response:
        contact, data = self.get_object(), self.validated(ErasureInput)
        return self.answer(
            services.erase_contact(contact, **data, at=timezone.now(), by=self.user)
        )

    @extend_schema(
        request=serializers.MergeInput,
        responses={201: serializers.ContactMergeSerializer},
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        contact = self.get_object()
        data = self.validated(serializers.MergeInput)
        merged = get_object_or_404(self.get_queryset(), pk=data.pop("merged"))
        merge = services.merge_contacts(
            contact,
            merged=merged,
            **data,
            at=timezone.now(),
            today=timezone.localdate(),
            by=self.user,
        )
        return Response(
            serializers.ContactMergeSerializer(merge).data,
            status=status.HTTP_201_CREATED,
        )

    @extend_schema(
        request=serializers.RoleInput,
        responses={201: serializers.RoleAssignmentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="roles")
    def assign_role(self, request: Request, pk: str) -> Response:
        contact = self.get_object()
        data = self.validated(serializers.RoleInput)
        assignment = services.assign_role(contact, **data, by=self.user)
        return Response(
            serializers.RoleAssignmentSerializer(assignment).data,
            status=status.HTTP_201_CREATED,
        )


class ContactMergeViewSet(RecordViewSet):
    queryset = ContactMerge.objects.select_related("survivor__organization")
    serializer_class = serializers.ContactMergeSerializer

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        merge, now = self.get_object(), timezone.now()
        return self.answer(services.undo_contact_merge(merge, at=now, by=self.user))


class RoleAssignmentViewSet(RecordViewSet):
    queryset = RoleAssignment.objects.all()
    serializer_class = serializers.RoleAssignmentSerializer
    filterset_class = filters.RoleAssignmentFilter

    @extend_schema(request=serializers.EndRoleInput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        assignment = self.get_object()
        data = self.validated(serializers.EndRoleInput)
        return self.answer(services.end_role(assignment, **data, by=self.user))


class AgreementViewSet(RecordViewSet):
    queryset = Agreement.objects.prefetch_related("years")
    serializer_class = serializers.AgreementSerializer
    filterset_class = filters.AgreementFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("waiver").with_total()

    @extend_schema(request=serializers.AgreementInput, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.AgreementInput)
        return self.answer(
            services.change_draft(
                agreement, **data, version=version_of(request), by=self.user
            )
        )

    @extend_schema(request=serializers.WaiverInput, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.WaiverInput)
        return self.answer(
            services.waive_floor(
                agreement,
                **data,
                version=version_of(request),
                at=timezone.now(),
                by=self.user,
            )
        )

    @extend_schema(request=serializers.SignatureInput, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.SignatureInput)
        return self.answer(
            services.sign_agreement(
                agreement,
                **data,
                version=version_of(request),
                today=timezone.localdate(),
                by=self.user,
            )
        )

    @extend_schema(
        request={"multipart/form-data": FileInput},
        responses={201: DocumentSerializer},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="documents",
        parser_classes=[MultiPartParser, PlainJSONParser],
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


class CommitmentYearViewSet(RecordViewSet):
    queryset = CommitmentYear.objects.with_organization()
    serializer_class = serializers.CommitmentYearSerializer
    filterset_class = filters.CommitmentYearFilter
