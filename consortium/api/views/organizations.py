"""Companies, and what is written down of one at its own address."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.views import RecordViewSet, version_of

from ... import filters, services
from ...models import (
    Agreement,
    CommitmentYear,
    ContributionCredit,
    Organization,
    OrganizationLink,
)
from ...services import Part
from .. import columns, serializers
from ..parameters import IF_MATCH
from .aging import StatementOfOrganization
from .ladders import ChosenReminders, OwnLadder
from .payers import PayingOfOrganization


class OrganizationViewSet(
    PayingOfOrganization,
    StatementOfOrganization,
    OwnLadder,
    ChosenReminders,
    RecordViewSet,
):
    queryset = Organization.objects.all()
    serializer_class = serializers.OrganizationDetail
    filterset_class = filters.OrganizationFilter

    def get_queryset(self) -> Any:
        rows, today = super().get_queryset(), timezone.localdate()
        if self.action == "list":
            return rows.annotate(**columns.membership(today))
        detailed = rows.with_membership(on=today)
        return detailed.prefetch_related("sites", "former_names")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.OrganizationSerializer
        return super().get_serializer_class()

    @extend_schema(request=serializers.OrganizationInput)
    def create(self, request: Request) -> Response:
        data = self.validated(serializers.OrganizationInput)
        created = services.add_organization(
            **data, today=timezone.localdate(), by=self.user
        )
        return self.answer(created, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.OrganizationChange, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.OrganizationChange, partial=True)
        return self.answer(
            services.change_organization(
                organization, **data, version=version_of(request), by=self.user
            )
        )

    @extend_schema(request=serializers.RenameInput)
    @action(detail=True, methods=["post"])
    def rename(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.RenameInput)
        return self.answer(
            services.rename_organization(
                organization, **data, today=timezone.localdate(), by=self.user
            )
        )

    @extend_schema(
        request=serializers.SiteSerializer,
        responses={201: serializers.SiteSerializer},
    )
    @action(detail=True, methods=["post"], url_path="sites")
    def add_site(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.SiteSerializer)
        site = services.add_site(organization, **data, by=self.user)
        return Response(
            serializers.SiteSerializer(site).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(
        request=serializers.LinkInput, responses={201: serializers.LinkSerializer}
    )
    @action(detail=True, methods=["post"], url_path="parent")
    def link_parent(self, request: Request, pk: str) -> Response:
        return self.linked(services.link_parent)

    @extend_schema(
        request=serializers.LinkInput, responses={201: serializers.LinkSerializer}
    )
    @action(detail=True, methods=["post"], url_path="merger")
    def merge(self, request: Request, pk: str) -> Response:
        return self.linked(services.record_merger)

    def linked(self, record: Callable[..., OrganizationLink]) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.LinkInput)
        today = timezone.localdate()
        link = record(organization, **data, today=today, by=self.user)
        shown = OrganizationLink.objects.with_reduction().get(pk=link.pk)
        return Response(
            serializers.LinkSerializer(shown).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(
        request=serializers.SpinOffInput,
        responses={201: serializers.OrganizationDetail},
    )
    @action(detail=True, methods=["post"], url_path="spin-off")
    def spin_off(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.SpinOffInput)
        rest = services.record_spin_off(
            organization, **data, today=timezone.localdate(), by=self.user
        )
        return self.answer(rest, status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.ScreeningInput,
        responses={201: serializers.ScreeningSerializer},
    )
    @action(detail=True, methods=["post"], url_path="screenings")
    def screen(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.ScreeningInput)
        today = timezone.localdate()
        screening = services.record_screening(
            organization, **data, today=today, by=self.user
        )
        shown = serializers.ScreeningSerializer(screening).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.ContactInput,
        responses={201: serializers.ContactSerializer},
    )
    @action(detail=True, methods=["post"], url_path="contacts")
    def add_contact(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.ContactInput)
        today = timezone.localdate()
        contact = services.add_contact(organization, **data, on=today, by=self.user)
        contact.current_roles = []
        return Response(
            serializers.ContactSerializer(contact).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(
        request=serializers.AgreementInput,
        responses={201: serializers.AgreementDetail},
    )
    @action(detail=True, methods=["post"], url_path="agreements", requires_key=True)
    def draft_agreement(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.AgreementInput)
        drafted = services.draft_agreement(organization, **data, by=self.user)
        rows = Agreement.objects.with_total().with_terms(on=timezone.localdate())
        shown = rows.get(pk=drafted.pk)
        return Response(
            serializers.AgreementDetail(shown).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(
        request=serializers.ClaimInput,
        responses={201: serializers.CreditSerializer(many=True)},
    )
    @action(detail=True, methods=["post"], url_path="credits", requires_key=True)
    def claim_credit(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.ClaimInput)
        parts = self.parts(organization, data.pop("parts"))
        claimed = services.claim_credits(organization, **data, parts=parts, **self.now)
        return self.claimed([credit.pk for credit in claimed])

    @extend_schema(
        request=serializers.OfferInput,
        responses={201: serializers.CreditSerializer(many=True)},
    )
    @action(detail=True, methods=["post"], url_path="in-kind", requires_key=True)
    def offer_in_kind(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.OfferInput)
        (part,) = self.parts(organization, [data.pop("part")])
        offered = services.offer_in_kind(organization, **data, part=part, **self.now)
        return self.claimed([offered.pk])

    def parts(
        self, organization: Organization, rows: list[dict[str, Any]]
    ) -> list[Part]:
        """Return parts with their years; one that is not the member's is not there."""
        keys = [row.pop("commitment_year") for row in rows]
        years = CommitmentYear.objects.filter(agreement__organization=organization)
        found = years.select_related("agreement").in_bulk(keys)
        if {*keys} != found.keys():
            raise NotFound
        return [Part(found[key], **row) for key, row in zip(keys, rows, strict=True)]

    def claimed(self, keys: list[int]) -> Response:
        rows = ContributionCredit.objects.filter(pk__in=keys).with_outcome()
        shown = serializers.CreditSerializer(rows.order_by("pk"), many=True)
        return Response(shown.data, status=status.HTTP_201_CREATED)

    @property
    def now(self) -> dict[str, Any]:
        """When and by whom."""
        return {"at": timezone.now(), "today": timezone.localdate(), "by": self.user}

    @extend_schema(
        request=serializers.InterestInput,
        responses={201: serializers.InterestSerializer},
    )
    @action(detail=True, methods=["post"], url_path="interests")
    def disclose_interest(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        data = self.validated(serializers.InterestInput)
        interest = services.disclose_interest(
            organization, **data, at=timezone.now(), by=self.user
        )
        return Response(
            serializers.InterestSerializer(interest).data,
            status=status.HTTP_201_CREATED,
        )
