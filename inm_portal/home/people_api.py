"""People and invitations, as programs see them."""

from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from consortium.services import resend_invitation
from inm_portal.accounts import (
    access,
    invitations,
    merging,
    personal_data,
    second_factor,
)
from inm_portal.accounts.api import ErasureInput
from inm_portal.accounts.models import (
    Invitation,
    InvitationStatus,
    Standing,
    User,
    UserMerge,
)
from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.filters import LARGEST

from .directory import PersonFilter
from .invitations import InvitationFilter, invite


class InvitationSerializer(RecordSerializer):
    role: Any = serializers.SlugRelatedField(
        slug_field="name", read_only=True, allow_null=True
    )
    status = serializers.ChoiceField(choices=InvitationStatus.choices, read_only=True)

    class Meta:
        model = Invitation
        fields = [
            *["id", "name", "email", "kind", "place", "role", "status"],
            *["invited_by", "sent_at", "expires_at", "accepted_at", "accepted_by"],
        ]


class InvitationInput(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    email = serializers.EmailField()
    role = serializers.SlugRelatedField(
        slug_field="name", queryset=Group.objects.all(), required=False, allow_null=True
    )


class InvitationViewSet(RecordViewSet):
    queryset = Invitation.objects.select_related("role")
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_status(at=timezone.now())

    @extend_schema(request=InvitationInput)
    def create(self, request: Request) -> Response:
        data = self.validated(InvitationInput)
        return self.answer(invite(**data, by=self.user), status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: str) -> Response:
        invitation, now = self.get_object(), timezone.now()
        return self.answer(resend_invitation(invitation, at=now, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        invitation = self.get_object()
        return self.answer(invitations.revoke_invitation(invitation, by=self.user))


class PersonSerializer(RecordSerializer):
    roles = serializers.ListField(
        source="role_names", child=serializers.CharField(), read_only=True
    )
    standing = serializers.ChoiceField(choices=Standing.choices, read_only=True)

    class Meta:
        model = User
        fields = [
            *["id", "name", "email", "roles", "standing"],
            *["joined_at", "last_login"],
        ]


class RoleAtInmInput(serializers.Serializer):
    role = serializers.SlugRelatedField(slug_field="name", queryset=Group.objects.all())


class ResetFactorsInput(serializers.Serializer):
    reason = serializers.ChoiceField(choices=second_factor.WhyReset.choices)


class PersonMergeSerializer(RecordSerializer):
    undo_until = serializers.DateTimeField(read_only=True)

    class Meta:
        model = UserMerge
        fields = [
            *["id", "survivor", "merged", "merged_at", "merged_by"],
            *["undo_until", "undone_at"],
        ]


class PersonMergeInput(serializers.Serializer):
    merged = serializers.IntegerField(min_value=1, max_value=LARGEST)


class PersonViewSet(RecordViewSet):
    queryset = User.objects.all()
    serializer_class = PersonSerializer
    filterset_class = PersonFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_roles().with_standing()

    @extend_schema(request=RoleAtInmInput)
    @action(detail=True, methods=["post"], url_path="give-role")
    def give_role(self, request: Request, pk: str) -> Response:
        person, data = self.get_object(), self.validated(RoleAtInmInput)
        return self.answer(access.give_role(person, **data, by=self.user))

    @extend_schema(request=RoleAtInmInput)
    @action(detail=True, methods=["post"], url_path="take-role")
    def take_role(self, request: Request, pk: str) -> Response:
        person, data = self.get_object(), self.validated(RoleAtInmInput)
        return self.answer(access.take_role(person, **data, by=self.user))

    @extend_schema(request=ResetFactorsInput)
    @action(detail=True, methods=["post"], url_path="reset-factors")
    def reset_factors(self, request: Request, pk: str) -> Response:
        person, data = self.get_object(), self.validated(ResetFactorsInput)
        return self.answer(second_factor.reset_factors(person, **data, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="end-access")
    def end_access(self, request: Request, pk: str) -> Response:
        return self.answer(access.end_access(self.get_object(), by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="restore-access")
    def restore_access(self, request: Request, pk: str) -> Response:
        return self.answer(access.restore_access(self.get_object(), by=self.user))

    @extend_schema(request=PersonMergeInput, responses={201: PersonMergeSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        person, data = self.get_object(), self.validated(PersonMergeInput)
        merged = get_object_or_404(self.get_queryset(), pk=data["merged"])
        merge = merging.merge_users(
            person, merged=merged, at=timezone.now(), by=self.user
        )
        return Response(
            PersonMergeSerializer(merge).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(request=ErasureInput)
    @action(detail=True, methods=["post"])
    def erase(self, request: Request, pk: str) -> Response:
        person, data = self.get_object(), self.validated(ErasureInput)
        return self.answer(
            personal_data.erase(person, **data, at=timezone.now(), by=self.user)
        )


class PersonMergeViewSet(RecordViewSet):
    queryset = UserMerge.objects.select_related("survivor", "merged")
    serializer_class = PersonMergeSerializer

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        merge, now = self.get_object(), timezone.now()
        return self.answer(merging.undo_merge(merge, at=now, by=self.user))
