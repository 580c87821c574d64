"""The caller's own account, tokens and sessions, and who acts for whom."""

import re
from datetime import timedelta
from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from inm_portal.kernel.api.pagination import CursorPagination
from inm_portal.kernel.api.serializers import ReasonInput, RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.models import Session

from . import delegations
from .freshness import is_fresh
from .models import ApiToken, Delegation, Ground, TokenScope, User
from .preferences import set_time_zone
from .sessions import end_session
from .tokens import issue_token, revoke_token


class ByTokenKey(CursorPagination):
    ordering = "token_key"
    key = re.compile("[0-9a-f]{1,32}")


class ByHandle(ByTokenKey):
    ordering = "handle"


class FreshSignInNeeded(exceptions.PermissionDenied):
    default_code = "fresh_sign_in_needed"
    default_detail = "Sign in again on the portal first; a token is not enough."


class MadeInPerson(RecordViewSet):
    """What everybody makes for themselves, and no program for anybody."""

    def may_create(self, user: Any) -> bool:
        """
        Let everybody who is there in person.

        :raises FreshSignInNeeded: for a program, or somebody who came long ago.
        """
        if self.request.auth is not None or not is_fresh(self.request):
            raise FreshSignInNeeded
        return True


class AccountSerializer(RecordSerializer):
    roles = serializers.ListField(
        source="rights_by_role", child=serializers.CharField(), read_only=True
    )

    class Meta:
        model = User
        fields = ["id", "name", "email", "roles", "time_zone"]
        read_only_fields = ["name", "email"]


class AccountViewSet(GenericViewSet):
    """The caller's own account; its address and ways in are changed on the portal."""

    queryset = User.objects.all()
    serializer_class = AccountSerializer

    def get_object(self) -> User:
        return cast(User, self.request.user)

    def retrieve(self, request: Request) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def partial_update(self, request: Request) -> Response:
        user = self.get_object()
        changed = self.get_serializer(user, data=request.data, partial=True)
        changed.is_valid(raise_exception=True)
        if changed.validated_data:
            user = set_time_zone(user, **changed.validated_data, by=user)
        return Response(self.get_serializer(user).data)


class ErasureInput(serializers.Serializer):
    address = serializers.EmailField(help_text="Of the person, once more.")
    ground = serializers.ChoiceField(choices=Ground.choices)
    reference = serializers.CharField(max_length=50, required=False)


class TokenInput(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(choices=TokenScope.choices)
    days = serializers.IntegerField(min_value=1, max_value=366)


class TokenSerializer(RecordSerializer):
    class Meta:
        model = ApiToken
        fields = ["token_key", "name", "scope", "created", "expiry"]


class NewToken(TokenSerializer):
    token = serializers.CharField(help_text="In clear, on this answer only.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]


class TokenViewSet(MadeInPerson):
    queryset = ApiToken.objects.all()
    serializer_class = TokenSerializer
    shown_once = frozenset({"create"})
    pagination_class = ByTokenKey
    lookup_field = "token_key"
    lookup_value_regex = "[0-9a-f]+"

    @extend_schema(request=TokenInput, responses={201: NewToken})
    def create(self, request: Request) -> Response:
        data = self.validated(TokenInput)
        lifetime = timedelta(days=data.pop("days"))
        token = issue_token(self.user, lifetime=lifetime, **data, by=self.user)
        row = ApiToken.objects.get(token_key=ApiToken.key_of(token), user=self.user)
        row.token = token
        return Response(NewToken(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, token_key: str) -> Response:
        revoke_token(self.get_object(), by=self.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionSerializer(RecordSerializer):
    class Meta:
        model = Session
        fields = [
            *["handle", "began_at", "seen_at"],
            *["expire_date", "device", "address"],
        ]


class SignInViewSet(RecordViewSet):
    queryset = Session.objects.select_related("user")
    serializer_class = SessionSerializer
    pagination_class = ByHandle
    lookup_field = "handle"
    lookup_value_regex = "[0-9a-f]+"

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, handle: str) -> Response:
        end_session(self.get_object(), by=self.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DelegationSerializer(RecordSerializer):
    class Meta:
        model = Delegation
        fields = [
            *["id", "principal", "delegate", "scopes", "starts_on", "ends_on"],
            *["reason", "granted_by", "granted_at", "revoked_at", "ended_because"],
        ]


class DelegationInput(serializers.Serializer):
    delegate = serializers.PrimaryKeyRelatedField(queryset=User.objects.none())
    scopes = serializers.ListField(child=serializers.CharField(max_length=50))
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            people = delegations.stand_ins(request.user)
            self.fields["delegate"].queryset = people  # type: ignore[attr-defined]


class DelegationViewSet(MadeInPerson):
    """Leaves that the caller gave or received; nobody acts by them through the API."""

    queryset = Delegation.objects.all()
    serializer_class = DelegationSerializer

    @extend_schema(request=DelegationInput)
    def create(self, request: Request) -> Response:
        data = self.validated(DelegationInput)
        now, today = timezone.now(), timezone.localdate()
        made = delegations.delegate(
            self.user, **data, at=now, today=today, by=self.user
        )
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        made = self.get_object()
        return self.answer(delegations.revoke(made, at=timezone.now(), by=self.user))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        made, data, now = self.get_object(), self.validated(ReasonInput), timezone.now()
        return self.answer(delegations.revoke(made, **data, at=now, by=self.user))
