"""Talks of members with one of the faculty: asked for, agreed, held."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import OneToOneRequest
from ...ties import companies_of
from .. import serializers


class OneToOneViewSet(RecordViewSet):
    """Asked for by a member, answered by staff or by who is asked."""

    queryset = OneToOneRequest.objects.all()
    serializer_class = serializers.OneToOneSerializer
    filterset_class = filters.OneToOneFilter

    def may_create(self, user: Any) -> bool:
        is_staff = user.has_perm("consortium.add_interaction")
        return is_staff or bool(companies_of(user))

    def _now(self) -> dict[str, Any]:
        return {"at": timezone.now(), "by": self.user}

    def _today(self) -> dict[str, Any]:
        return {"today": timezone.localdate(), **self._now()}

    @extend_schema(
        request=serializers.OneToOneInput,
        responses={201: serializers.OneToOneSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.OneToOneInput)
        company = data.pop("organization")
        row = services.ask_one_to_one(company, **data, **self._today())
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.OneToOneAgreement)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str) -> Response:
        one = self.get_object()
        data = self.validated(serializers.OneToOneAgreement)
        return self.answer(services.agree_one_to_one(one, **data, **self._today()))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        one, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(services.decline_one_to_one(one, **data, **self._now()))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        one, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(services.withdraw_one_to_one(one, **data, **self._now()))

    @extend_schema(request=serializers.OneToOneHeld)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        one = self.get_object()
        data = self.validated(serializers.OneToOneHeld)
        return self.answer(services.hold_one_to_one(one, **data, **self._today()))
