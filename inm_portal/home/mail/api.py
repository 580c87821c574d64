"""The mails of the portal, for programs."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel import bounces, message_steps
from inm_portal.kernel.api.serializers import ReasonInput, RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.models import Bounce, MailHold, Message

from .care import BounceFilter
from .views import MessageFilter


class MessageSerializer(RecordSerializer):
    class Meta:
        model = Message
        fields = [
            *["id", "kind", "to", "recipient", "about_type", "about_id", "slot"],
            *["copy_of", "subject", "state", "because", "reason", "created_at"],
            *["not_before", "expires_at", "on_wire_at", "sent_at", "attempts"],
            *["lapses", "error", "opens_something", "is_asked", "is_once"],
            "request_id",
        ]


class MessageDetail(MessageSerializer):
    """A message with what it says; nothing, if that opens something."""

    text = serializers.CharField(source="shown_text", read_only=True)
    html = serializers.CharField(source="shown_html", read_only=True)

    class Meta(MessageSerializer.Meta):
        fields = [*MessageSerializer.Meta.fields, "text", "html"]


class MessageViewSet(RecordViewSet):
    queryset = Message.objects.all()
    serializer_class = MessageDetail
    filterset_class = MessageFilter

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        return rows.defer("text", "html") if self.action == "list" else rows

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return MessageSerializer
        return super().get_serializer_class()

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        message = self.get_object()
        data = self.validated(ReasonInput)
        return self.answer(message_steps.hold(message, **data, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        return self.answer(message_steps.release(self.get_object(), by=self.user))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        message = self.get_object()
        data = self.validated(ReasonInput)
        return self.answer(message_steps.cancel(message, **data, by=self.user))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: str) -> Response:
        message = self.get_object()
        data = self.validated(ReasonInput)
        now = timezone.now()
        return self.answer(message_steps.resend(message, **data, at=now, by=self.user))


class MailHoldSerializer(RecordSerializer):
    class Meta:
        model = MailHold
        fields = ["id", "is_held", "at", "by", "reason"]


class MailHoldViewSet(RecordViewSet):
    queryset = MailHold.objects.all()
    serializer_class = MailHoldSerializer

    @extend_schema(request=ReasonInput)
    def create(self, request: Request) -> Response:
        data = self.validated(ReasonInput)
        held = message_steps.hold_all(**data, at=timezone.now(), by=self.user)
        return self.answer(held, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        self.get_object()
        now = timezone.now()
        return self.answer(message_steps.release_all(at=now, by=self.user))


class BounceSerializer(RecordSerializer):
    class Meta:
        model = Bounce
        fields = ["id", "address", "kind", "at", "codes", "message", "by", "reason"]


class BounceViewSet(RecordViewSet):
    queryset = Bounce.objects.all()
    serializer_class = BounceSerializer
    filterset_class = BounceFilter

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def clear(self, request: Request, pk: str) -> Response:
        bounce = self.get_object()
        data = self.validated(ReasonInput)
        now = timezone.now()
        return self.answer(bounces.clear(bounce, **data, at=now, by=self.user))
