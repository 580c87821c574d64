"""The ledger of contributions: claims, decisions, things in kind."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.documents import FileInput
from inm_portal.kernel.api.parsers import FILES
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.lists import SLICE

from ... import filters, services
from ...models import (
    Appraisal,
    ContributionCredit,
    CreditOpinion,
    Valuation,
    ValuationDispute,
)
from .. import serializers


def newest_of_items() -> list[Prefetch]:
    """Read what was said of a thing's value, the newest first, as far as is shown."""
    said = {
        "appraisals": Appraisal.objects.all(),
        "valuations": Valuation.objects.all(),
        "disputes": ValuationDispute.objects.select_related("outcome"),
    }
    return [
        Prefetch(f"item__{name}", rows.reverse()[:SLICE], to_attr=f"newest_{name}")
        for name, rows in said.items()
    ]


class ContributionCreditViewSet(RecordViewSet):
    """What was claimed toward a commitment; it is claimed on its organization."""

    queryset = ContributionCredit.objects.with_outcome("is_valued")
    serializer_class = serializers.CreditDetail
    filterset_class = filters.CreditFilter
    requires_key = True
    is_alike = True

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        related = ["organization", "evidence", "commitment_year__agreement", "item"]
        told = Prefetch("opinions", CreditOpinion.objects.permitted(self.user, "view"))
        rows = rows.with_permissions(self.user, "see_booking", "compare")
        rows = rows.select_related(*related)
        return rows.prefetch_related("entries", told, *newest_of_items())

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.CreditSerializer
        return super().get_serializer_class()

    def done(self, _made: Any) -> Response:
        """Answer with the credit as it is now."""
        key = self.kwargs["pk"]
        return self.shown(self.get_queryset().get(pk=key))

    @property
    def now(self) -> dict[str, Any]:
        """When and by whom."""
        return {"at": timezone.now(), "today": timezone.localdate(), "by": self.user}

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        credit, now = self.get_object(), timezone.now()
        return self.done(services.withdraw_claim(credit, at=now, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        return self.done(services.review_claim(self.get_object(), by=self.user))

    @extend_schema(request=serializers.AskInput)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.AskInput)
        now = timezone.now()
        return self.done(
            services.ask_for_evidence(credit, **data, at=now, by=self.user)
        )

    @extend_schema(request={"multipart/form-data": FileInput})
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def supply(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(FileInput)
        now = timezone.now()
        return self.done(
            services.answer_with_evidence(credit, **data, at=now, by=self.user)
        )

    @extend_schema(request=serializers.OpinionInput)
    @action(detail=True, methods=["post"])
    def opine(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.OpinionInput)
        return self.done(services.give_opinion(credit, **data, **self.now))

    @extend_schema(request=serializers.DecisionInput)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.DecisionInput)
        return self.done(services.decide_credit(credit, **data, **self.now))

    @extend_schema(request=serializers.ReductionInput)
    @action(detail=True, methods=["post"])
    def reduce(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.ReductionInput)
        return self.done(services.reduce_credit(credit, **data, **self.now))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(ReasonInput)
        return self.done(services.reverse_credit(credit, **data, **self.now))

    @extend_schema(request=serializers.AssessmentInput)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: str) -> Response:
        credit, today = self.get_object(), timezone.localdate()
        data = self.validated(serializers.AssessmentInput)
        return self.done(
            services.assess_item(credit, **data, today=today, by=self.user)
        )

    @extend_schema(request=serializers.ApprovalInput)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.ApprovalInput)
        return self.done(services.approve_item(credit, **data, **self.now))

    @extend_schema(request={"multipart/form-data": serializers.AppraisalInput})
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def appraise(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.AppraisalInput)
        return self.done(services.add_appraisal(credit, **data, **self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str) -> Response:
        return self.done(services.agree_to_item(self.get_object(), **self.now))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(ReasonInput)
        return self.done(services.decline_item(credit, **data, **self.now))

    @extend_schema(request=serializers.DeliveryInput)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.DeliveryInput)
        today = timezone.localdate()
        return self.done(
            services.deliver_item(credit, **data, today=today, by=self.user)
        )

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(ReasonInput)
        return self.done(services.return_item(credit, **data, **self.now))

    @extend_schema(request=serializers.ValuationInput)
    @action(detail=True, methods=["post"])
    def value(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.ValuationInput)
        return self.done(services.value_item(credit, **data, **self.now))

    @extend_schema(request=serializers.BookingInput)
    @action(detail=True, methods=["post"])
    def book(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.BookingInput)
        return self.done(services.book_item(credit, **data, by=self.user))

    @extend_schema(request=serializers.DisputeInput)
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.DisputeInput)
        now = timezone.now()
        return self.done(services.dispute_value(credit, **data, at=now, by=self.user))

    @extend_schema(request=serializers.SettlementInput)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        credit, data = self.get_object(), self.validated(serializers.SettlementInput)
        return self.done(services.settle_dispute(credit, **data, **self.now))
