"""Letters about calls, by programs: written, looked at, sent once."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import RecordSerializer
from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import Audience, Call, CallLetter


class CallLetterSerializer(RecordSerializer):
    class Meta:
        model = CallLetter
        fields = [
            *["id", "call", "audience", "chosen", "is_for_pis", "subject", "body"],
            *["state", "written_at", "sent_at", "recipients"],
        ]


class CallLetterInput(serializers.Serializer):
    call = serializers.PrimaryKeyRelatedField(queryset=Call.objects.published())
    audience = serializers.ChoiceField(choices=Audience.choices)
    chosen = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=1000
    )
    is_for_pis = serializers.BooleanField(required=False)
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=8000)


class LetterCountSerializer(serializers.Serializer):
    """How many mails a letter would be, and what the first ones would say."""

    count = serializers.IntegerField()
    previews = serializers.ListField(child=serializers.DictField())


class CallLetterViewSet(RecordViewSet):
    """What the office writes to those who answer a call; each is sent once."""

    queryset = CallLetter.objects.all()
    serializer_class = CallLetterSerializer
    filterset_class = filters.LetterFilter

    def may_create(self, user: Any) -> bool:
        return bool(user.has_perm("seed_projects.change_proposal"))

    @extend_schema(request=CallLetterInput, responses={201: CallLetterSerializer})
    def create(self, request: Request) -> Response:
        data = self.validated(CallLetterInput)
        call, now = data.pop("call"), timezone.now()
        letter = services.write_letter(call, **data, at=now, by=self.user)
        return self.answer(letter, status.HTTP_201_CREATED)

    @extend_schema(responses=LetterCountSerializer)
    @action(detail=True, methods=["get"])
    def preview(self, request: Request, pk: str) -> Response:
        letter = self.get_object()
        found: list[Any] = []
        if not letter.is_counted_alone:
            found = list(services.recipients_of(letter, by=self.user, most=10))
        told = [
            {"to": one.person.email, "subject": one.subject, "body": one.body}
            for one in found
        ]
        count = services.count_of_letter(letter, by=self.user)
        return Response({"count": count, "previews": told})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str) -> Response:
        letter, now = self.get_object(), timezone.now()
        return self.answer(services.send_letter(letter, at=now, by=self.user))
