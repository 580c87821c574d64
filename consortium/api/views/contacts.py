"""People at companies and the roles they hold."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.accounts.api import ErasureInput
from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import filters, services
from ...models import Contact, RoleAssignment
from .. import columns, serializers
from ..parameters import IF_MATCH


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
