"""Renewals: how likely each is, what the member says, goodwill, and farewell."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet

from ... import filters, services
from ...models import ExitInterview, RenewalAnswer, RenewalEstimate
from .. import serializers


class RenewalEstimateViewSet(RecordViewSet):
    queryset = RenewalEstimate.objects.all()
    serializer_class = serializers.RenewalEstimateSerializer
    filterset_class = filters.RenewalEstimateFilter


class RenewalAnswerViewSet(RecordViewSet):
    """What members say of their renewals; a late notice waits for a director."""

    queryset = RenewalAnswer.objects.select_related("ruling")
    serializer_class = serializers.RenewalAnswerSerializer
    filterset_class = filters.RenewalAnswerFilter

    @extend_schema(request=serializers.LateNoticeInput)
    @action(detail=True, methods=["post"], url_path="decide")
    def rule_late_notice(self, request: Request, pk: str) -> Response:
        """Accept a notice that came too late, or refuse it."""
        answer, at = self.get_object(), timezone.now()
        data = self.validated(serializers.LateNoticeInput)
        services.rule_late_notice(answer, **data, at=at, by=self.user)
        return self.answer(answer)


class ExitInterviewViewSet(RecordViewSet):
    queryset = ExitInterview.objects.all()
    serializer_class = serializers.ExitInterviewSerializer
    filterset_class = filters.ExitFilter


class RenewalOfAgreement:
    """The renewal of a term, at the address of its agreement."""

    user: Any
    get_object: Any
    validated: Any

    @property
    def of_today(self) -> dict[str, Any]:
        return {"today": timezone.localdate(), "at": timezone.now(), "by": self.user}

    @extend_schema(
        request=serializers.RenewalEstimateInput,
        responses={201: serializers.RenewalEstimateSerializer},
    )
    @action(detail=True, methods=["post"], url_path="estimate-renewal")
    def estimate_renewal(self, request: Request, pk: str) -> Response:
        """Say in percent how likely the term is followed by another, and why."""
        agreement = self.get_object()
        data = self.validated(serializers.RenewalEstimateInput)
        estimate = services.estimate_renewal(agreement, **data, **self.of_today)
        shown = serializers.RenewalEstimateSerializer(estimate).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.RenewalAnswerInput,
        responses={201: serializers.RenewalAnswerSerializer},
    )
    @action(detail=True, methods=["post"], url_path="answer-renewal")
    def answer_renewal(self, request: Request, pk: str) -> Response:
        """Say whether the member renews: as staff heard it, or as its sponsor."""
        agreement, now = self.get_object(), self.of_today
        data = self.validated(serializers.RenewalAnswerInput)
        heard = self.user.has_perm("consortium.add_renewalanswer")
        received_on = data.pop("received_on", None) if heard else None
        received_on = received_on or now["today"]
        data.pop("received_on", None)
        row = services.answer_renewal(agreement, **data, received_on=received_on, **now)
        shown = serializers.RenewalAnswerSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.GoodwillInput,
        responses={201: serializers.GoodwillSerializer},
    )
    @action(detail=True, methods=["post"], url_path="grant-goodwill")
    def grant_goodwill(self, request: Request, pk: str) -> Response:
        """Let its people read on for a while after its term."""
        agreement = self.get_object()
        data = self.validated(serializers.GoodwillInput)
        row = services.grant_goodwill(agreement, **data, **self.of_today)
        shown = serializers.GoodwillSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.ExitInterviewInput,
        responses={201: serializers.ExitInterviewSerializer},
    )
    @action(detail=True, methods=["post"], url_path="record-exit")
    def record_exit(self, request: Request, pk: str) -> Response:
        """Write down what a member that leaves says about why."""
        agreement = self.get_object()
        data = self.validated(serializers.ExitInterviewInput)
        row = services.record_exit_interview(agreement, **data, **self.of_today)
        shown = serializers.ExitInterviewSerializer(row).data
        return Response(shown, status=status.HTTP_201_CREATED)
