"""Who acts for whom, as programs see it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.accounts import delegations
from inm_portal.accounts.api import FreshSignInNeeded
from inm_portal.accounts.freshness import is_fresh
from inm_portal.accounts.models import Delegation, User
from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.delegation import companions_of


class DelegationSerializer(RecordSerializer):
    class Meta:
        model = Delegation
        fields = [
            *["id", "principal", "delegate", "scopes", "starts_on", "ends_on"],
            *["reason", "granted_by", "granted_at", "revoked_at"],
        ]


class DelegationInput(serializers.Serializer):
    delegate = serializers.PrimaryKeyRelatedField(queryset=User.objects.none())
    scopes = serializers.ListField(child=serializers.CharField(max_length=50))
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            together = User.objects.filter(companions_of(request.user))
            self.fields["delegate"].queryset = together  # type: ignore[attr-defined]


class DelegationViewSet(RecordViewSet):
    """Leaves that the caller gave or received; nobody acts by them through the API."""

    queryset = Delegation.objects.all()
    serializer_class = DelegationSerializer

    def may_create(self, user: Any) -> bool:
        """
        Let everybody who is there in person.

        :raises FreshSignInNeeded: for a program, or somebody who came long ago.
        """
        if self.request.auth is not None or not is_fresh(self.request):
            raise FreshSignInNeeded
        return True

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
