"""Requests to change where money goes, and the calls that check them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import CallBack
from .. import serializers


class CallBackViewSet(RecordViewSet):
    """Written down by whoever was asked, and checked by somebody else."""

    queryset = CallBack.objects.all()
    serializer_class = serializers.CallBackSerializer
    filterset_class = filters.CallBackFilter
    requires_key = True

    @extend_schema(
        request=serializers.CallBackInput,
        responses={201: serializers.CallBackSerializer},
    )
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.CallBackInput)
        row = services.ask_for_call_back(
            data.pop("organization"),
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.CallBackAnswer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        row, now = self.get_object(), timezone.now()
        data = self.validated(serializers.CallBackAnswer)
        return self.answer(
            services.confirm_call_back(row, **data, at=now, by=self.user)
        )

    @extend_schema(request=serializers.CallBackAnswer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        row, now = self.get_object(), timezone.now()
        data = self.validated(serializers.CallBackAnswer)
        return self.answer(services.refuse_call_back(row, **data, at=now, by=self.user))
