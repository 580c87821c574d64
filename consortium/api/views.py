"""Each operation: read what the caller may see, or call one service."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.accounts.api import ErasureInput
from inm_portal.kernel import documents
from inm_portal.kernel.api.documents import DocumentSerializer, FileInput
from inm_portal.kernel.api.parsers import PlainJSONParser
from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet, version_of

from .. import filters, services
from ..documents import AGREEMENT
from ..filters import day_asked
from ..models import (
    Agreement,
    AgreementException,
    Amendment,
    CommitmentYear,
    Contact,
    ContactMerge,
    ContributionCredit,
    Deviation,
    Organization,
    OrganizationLink,
    RoleAssignment,
    Screening,
)
from ..services import Part
from . import columns, serializers
from .parameters import AS_KNOWN_ON, IF_MATCH, ON

#: What takes a file with its other fields.
FILES = [MultiPartParser, PlainJSONParser]


class OrganizationViewSet(RecordViewSet):
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
    @action(detail=True, methods=["post"], url_path="agreements")
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
    @action(detail=True, methods=["post"], url_path="credits")
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
    @action(detail=True, methods=["post"], url_path="in-kind")
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


class ContactViewSet(RecordViewSet):
    queryset = Contact.objects.all()
    serializer_class = serializers.ContactSerializer
    filterset_class = filters.ContactFilter

    def get_queryset(self) -> Any:
        rows, today = super().get_queryset(), timezone.localdate()
        if self.action == "list":
            return rows.annotate(**columns.roles(today))
        return rows.with_roles(on=today)

    @extend_schema(request=serializers.ContactInput, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        contact = self.get_object()
        data = self.validated(serializers.ContactInput, partial=True)
        return self.answer(
            services.change_contact(
                contact,
                **data,
                version=version_of(request),
                on=timezone.localdate(),
                by=self.user,
            )
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        contact, today = self.get_object(), timezone.localdate()
        return self.answer(services.confirm_contact(contact, on=today, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        contact, now = self.get_object(), timezone.now()
        return self.answer(services.invite_contact(contact, at=now, by=self.user))

    @extend_schema(request=serializers.DepartureInput)
    @action(detail=True, methods=["post"])
    def depart(self, request: Request, pk: str) -> Response:
        contact = self.get_object()
        data = self.validated(serializers.DepartureInput)
        today = timezone.localdate()
        return self.answer(
            services.depart_contact(contact, **data, today=today, by=self.user)
        )

    @extend_schema(request=ErasureInput)
    @action(detail=True, methods=["post"])
    def erase(self, request: Request, pk: str) -> Response:
        contact, data = self.get_object(), self.validated(ErasureInput)
        return self.answer(
            services.erase_contact(contact, **data, at=timezone.now(), by=self.user)
        )

    @extend_schema(
        request=serializers.MergeInput,
        responses={201: serializers.ContactMergeSerializer},
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        contact = self.get_object()
        data = self.validated(serializers.MergeInput)
        merged = get_object_or_404(self.get_queryset(), pk=data.pop("merged"))
        merge = services.merge_contacts(
            contact,
            merged=merged,
            **data,
            at=timezone.now(),
            today=timezone.localdate(),
            by=self.user,
        )
        return Response(
            serializers.ContactMergeSerializer(merge).data,
            status=status.HTTP_201_CREATED,
        )

    @extend_schema(
        request=serializers.RoleInput,
        responses={201: serializers.RoleAssignmentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="roles")
    def assign_role(self, request: Request, pk: str) -> Response:
        contact = self.get_object()
        data = self.validated(serializers.RoleInput)
        assignment = services.assign_role(contact, **data, by=self.user)
        return Response(
            serializers.RoleAssignmentSerializer(assignment).data,
            status=status.HTTP_201_CREATED,
        )


class ContactMergeViewSet(RecordViewSet):
    queryset = ContactMerge.objects.select_related("survivor__organization")
    serializer_class = serializers.ContactMergeSerializer

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        merge, now = self.get_object(), timezone.now()
        return self.answer(services.undo_contact_merge(merge, at=now, by=self.user))


class RoleAssignmentViewSet(RecordViewSet):
    queryset = RoleAssignment.objects.all()
    serializer_class = serializers.RoleAssignmentSerializer
    filterset_class = filters.RoleAssignmentFilter

    @extend_schema(request=serializers.EndRoleInput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        assignment = self.get_object()
        data = self.validated(serializers.EndRoleInput)
        return self.answer(services.end_role(assignment, **data, by=self.user))


class AgreementViewSet(RecordViewSet):
    queryset = Agreement.objects.with_total()
    serializer_class = serializers.AgreementDetail
    filterset_class = filters.AgreementFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        detailed = rows.select_related("waiver").with_terms(on=timezone.localdate())
        return detailed.prefetch_related("years", "deviations")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.AgreementSerializer
        return super().get_serializer_class()

    @extend_schema(request=serializers.AgreementInput, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.AgreementInput)
        return self.answer(
            services.change_draft(
                agreement, **data, version=version_of(request), by=self.user
            )
        )

    @extend_schema(request=serializers.WaiverInput, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.WaiverInput)
        return self.answer(
            services.waive_floor(
                agreement,
                **data,
                version=version_of(request),
                at=timezone.now(),
                by=self.user,
            )
        )

    @extend_schema(
        request={"multipart/form-data": serializers.SignatureInput},
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def sign(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.SignatureInput)
        return self.answer(
            services.sign_agreement(
                agreement,
                **data,
                version=version_of(request),
                today=timezone.localdate(),
                at=timezone.now(),
                by=self.user,
            )
        )

    @extend_schema(
        request=serializers.DeviationSerializer,
        responses={201: serializers.DeviationSerializer},
    )
    @action(detail=True, methods=["post"], url_path="deviations")
    def add_deviation(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.DeviationSerializer)
        added = services.add_deviation(agreement, **data, by=self.user)
        shown = serializers.DeviationSerializer(added).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"multipart/form-data": FileInput},
        responses={201: DocumentSerializer},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="documents",
        parser_classes=FILES,
    )
    def attach(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        added = documents.upload(
            **self.validated(FileInput),
            kind=AGREEMENT,
            subject=agreement,
            at=timezone.now(),
            by=self.user,
        )
        shown = DocumentSerializer(added).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.AmendmentInput,
        responses={201: serializers.AmendmentDetail},
    )
    @action(detail=True, methods=["post"], url_path="amendments")
    def amend(self, request: Request, pk: str) -> Response:
        agreement = self.get_object()
        data = self.validated(serializers.AmendmentInput)
        today = timezone.localdate()
        drafted = services.draft_amendment(agreement, **data, today=today, by=self.user)
        shown = serializers.AmendmentDetail(drafted).data
        return Response(shown, status=status.HTTP_201_CREATED)


class AmendmentViewSet(RecordViewSet):
    queryset = Amendment.objects.all()
    serializer_class = serializers.AmendmentDetail
    filterset_class = filters.AmendmentFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        related = rows.select_related("waiver", "agreement__organization")
        return related.prefetch_related("years")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.AmendmentSerializer
        return super().get_serializer_class()

    @extend_schema(request=serializers.AmendmentInput, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        amendment = self.get_object()
        data = self.validated(serializers.AmendmentInput)
        return self.answer(
            services.change_amendment(
                amendment,
                **data,
                version=version_of(request),
                today=timezone.localdate(),
                by=self.user,
            )
        )

    @extend_schema(responses=serializers.PreviewSerializer)
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        amendment = self.get_object()
        shown = services.preview_of(amendment, today=timezone.localdate())
        parts = services.elsewhere(amendment)
        told = {
            "years": shown.years,
            "terms": shown.terms,
            "needs_waiver": shown.needs_waiver,
            "elsewhere": [{"part": part, "changes": found} for part, found in parts],
            "letter": services.letter_of(amendment, shown).text,
        }
        return Response(serializers.PreviewSerializer(told).data)

    @extend_schema(request=serializers.WaiverInput, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        amendment = self.get_object()
        data = self.validated(serializers.WaiverInput)
        return self.answer(
            services.waive_amendment(
                amendment,
                **data,
                version=version_of(request),
                at=timezone.now(),
                by=self.user,
            )
        )

    @extend_schema(
        request={"multipart/form-data": serializers.SignatureInput},
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def sign(self, request: Request, pk: str) -> Response:
        amendment = self.get_object()
        data = self.validated(serializers.SignatureInput)
        return self.answer(
            services.sign_amendment(
                amendment,
                **data,
                version=version_of(request),
                today=timezone.localdate(),
                at=timezone.now(),
                by=self.user,
            )
        )

    @extend_schema(request=serializers.WaiverInput)
    @action(detail=True, methods=["post"])
    def abandon(self, request: Request, pk: str) -> Response:
        amendment = self.get_object()
        data = self.validated(serializers.WaiverInput)
        return self.answer(services.abandon_amendment(amendment, **data, by=self.user))


class DeviationViewSet(RecordViewSet):
    queryset = Deviation.objects.select_related("agreement__organization")
    serializer_class = serializers.DeviationSerializer

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        services.remove_deviation(self.get_object(), by=self.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OrganizationLinkViewSet(RecordViewSet):
    queryset = OrganizationLink.objects.select_related("organization")
    serializer_class = serializers.LinkSerializer
    filterset_class = filters.LinkFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_reduction(self.user)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="open-history")
    def open_history(self, request: Request, pk: str) -> Response:
        link, today = self.get_object(), timezone.localdate()
        return self.answer(services.open_history(link, today=today, by=self.user))


class AgreementExceptionViewSet(RecordViewSet):
    queryset = AgreementException.objects.all()
    serializer_class = serializers.ExceptionSerializer
    filterset_class = filters.ExceptionFilter


class ScreeningViewSet(RecordViewSet):
    queryset = Screening.objects.all()
    serializer_class = serializers.ScreeningSerializer
    filterset_class = filters.ScreeningFilter


@extend_schema_view(retrieve=extend_schema(parameters=[AS_KNOWN_ON]))
class CommitmentYearViewSet(RecordViewSet):
    queryset = CommitmentYear.objects.with_organization()
    serializer_class = serializers.CommitmentYearSerializer
    filterset_class = filters.CommitmentYearFilter

    def get_queryset(self) -> Any:
        day = day_asked(self.request.query_params, "as_known_on")
        rows = super().get_queryset().known(on=day)
        if self.action == "list":
            return rows.annotate(**columns.amounts(day))
        return rows.with_terms(day).select_related("agreement")

    @extend_schema(
        request=ReasonInput, responses={201: serializers.ShortfallWaiverSerializer}
    )
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        waiver = services.waive_shortfall(
            self.get_object(),
            **self.validated(ReasonInput),
            at=timezone.now(),
            today=timezone.localdate(),
            by=self.user,
        )
        shown = serializers.ShortfallWaiverSerializer(waiver).data
        return Response(shown, status=status.HTTP_201_CREATED)


@extend_schema_view(retrieve=extend_schema(parameters=[ON]))
class CommitmentPositionViewSet(RecordViewSet):
    """Where each commitment year stands: a report, as known on any day."""

    queryset = CommitmentYear.objects.with_organization()
    serializer_class = serializers.CommitmentPositionSerializer
    filterset_class = filters.PositionFilter

    def get_queryset(self) -> Any:
        on = day_asked(self.request.query_params)
        return super().get_queryset().known(on=on).with_position(on=on)
