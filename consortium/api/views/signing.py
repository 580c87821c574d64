"""What is waived and signed alike: an agreement, and each change of it."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.views import RecordViewSet, version_of

from .. import serializers
from ..parameters import IF_MATCH


class SignedViewSet(RecordViewSet):
    """A draft of which a director waives the floor, and whose signing is recorded."""

    #: The use cases, of which each takes the draft first.
    waiving: Callable[..., Any]
    signing: Callable[..., Any]

    @extend_schema(request=serializers.WaiverInput, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        draft = self.get_object()
        data = self.validated(serializers.WaiverInput)
        told = {"version": version_of(request), "at": timezone.now(), "by": self.user}
        return self.answer(self.waiving(draft, **data, **told))

    @extend_schema(
        request={"multipart/form-data": serializers.SignatureInput},
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def sign(self, request: Request, pk: str) -> Response:
        draft = self.get_object()
        data = self.validated(serializers.SignatureInput)
        told = {"version": version_of(request), "at": timezone.now(), "by": self.user}
        today = timezone.localdate()
        return self.answer(self.signing(draft, **data, **told, today=today))
