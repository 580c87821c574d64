"""Instalments of fees, the invoices that ask for them, and credit notes."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import ReasonInput
from inm_portal.kernel.api.views import RecordViewSet, version_of
from inm_portal.kernel.exports.papers import pdf_file

from ... import filters, services
from ...models import (
    CreditNote,
    CreditNoteLine,
    CustomerAnswer,
    Instalment,
    Invoice,
    InvoiceDelivery,
    InvoiceDispute,
    InvoiceLine,
    PaymentPromise,
)
from .. import serializers
from ..parameters import IF_MATCH
from .dues_steps import StepsOfInvoice
from .invoice_answers import AnswersOfInvoice
from .ladders import OwnLadder
from .matching import made_allocations
from .reminding import RemindersOfInvoice

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}

#: How many of what was said of an invoice are told with it.
TOLD = 50


def told(name: str, rows: Any) -> Prefetch:
    """Read the last of what was said of invoices, as ``last_<name>``."""
    return Prefetch(name, rows.order_by("-pk")[:TOLD], to_attr=f"last_{name}")


class InstalmentViewSet(RecordViewSet):
    """By which payments the fee of each commitment year comes due."""

    queryset = Instalment.objects.with_organization()
    serializer_class = serializers.InstalmentSerializer
    filterset_class = filters.InstalmentFilter
    requires_key = True

    def get_queryset(self) -> Any:
        if self.action != "to_invoice":
            return super().get_queryset()
        related = "commitment_year__agreement__organization"
        rows: Any = self.queryset.permitted(self.user, "to_invoice")
        todo = rows.to_do().with_issue_by().select_related(related)
        return todo.order_by("issue_by", "pk")

    @extend_schema(responses=serializers.ToDoSerializer(many=True))
    @action(
        detail=False,
        url_path="to-invoice",
        filterset_class=filters.ToDoFilter,
        serializer_class=serializers.ToDoSerializer,
    )
    def to_invoice(self, request: Request) -> Response:
        """What finance is to draft by now, or ``ahead``, with what is missing."""
        if not self.user.has_perm("consortium.view_invoice"):
            raise PermissionDenied
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        services.tell_lacks(page, on=timezone.localdate())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        request=ReasonInput, responses={201: serializers.CreditNoteDetail(many=True)}
    )
    @action(detail=True, methods=["post"], url_path="take-back", pagination_class=None)
    def take_back(self, request: Request, pk: str) -> Response:
        """Draft the credit notes of an instalment below zero."""
        notes = services.draft_credits_of(
            self.get_object(),
            **self.validated(ReasonInput),
            at=timezone.now(),
            by=self.user,
        )
        rows = credit_notes().filter(pk__in=[note.pk for note in notes])
        shown = serializers.CreditNoteDetail(rows.order_by("pk"), many=True)
        return Response(shown.data, status=status.HTTP_201_CREATED)


class InvoiceViewSet(
    AnswersOfInvoice, OwnLadder, RemindersOfInvoice, StepsOfInvoice, RecordViewSet
):
    """What members are asked to pay, with what settled it and what is open."""

    queryset = Invoice.objects.with_open()
    serializer_class = serializers.InvoiceDetail
    filterset_class = filters.InvoiceFilter
    requires_key = True
    is_alike = True

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        notes = CreditNote.objects.permitted(self.user, "view").with_total()
        disputes = InvoiceDispute.objects.select_related("resolution").with_standing()
        promises = PaymentPromise.objects.with_standing(on=timezone.localdate())
        deliveries, answers = InvoiceDelivery.objects, CustomerAnswer.objects
        return rows.select_related("pdf", "organization").prefetch_related(
            Prefetch("lines", InvoiceLine.objects.with_open()),
            told("deliveries", deliveries),
            told("answers", answers),
            told("promises", promises),
            told("disputes", disputes),
            Prefetch("credit_notes", notes),
        )

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.InvoiceSerializer
        return super().get_serializer_class()

    @property
    def now(self) -> dict[str, Any]:
        """When something is done, and by whom."""
        today, now = timezone.localdate(), timezone.now()
        return {"today": today, "at": now, "by": self.user}

    @extend_schema(
        request=serializers.DraftInput, responses={201: serializers.InvoiceDetail}
    )
    def create(self, request: Request) -> Response:
        """Draft an invoice; somebody else approves it."""
        data = self.validated(serializers.DraftInput)
        rows = data.pop("instalments")
        member = rows[0].organization
        invoice = services.draft_invoice(member, instalments=rows, **data, **self.now)
        return self.answer(invoice, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.InvoiceChange, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        invoice = self.get_object()
        data = self.validated(serializers.InvoiceChange)
        version = version_of(request)
        changed = services.change_invoice(invoice, **data, version=version, **self.now)
        return self.answer(changed)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        invoice, version = self.get_object(), version_of(request)
        approved = services.approve_invoice(invoice, version=version, **self.now)
        return self.answer(approved)

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        invoice, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(services.send_back_invoice(invoice, **data, **self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        return self.answer(services.issue_invoice(self.get_object(), **self.now))

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, pk: str) -> Response:
        invoice, data = self.get_object(), self.validated(ReasonInput)
        return self.answer(services.void_invoice(invoice, **data, **self.now))

    @extend_schema(
        request=serializers.ReplaceInput, responses={201: serializers.InvoiceDetail}
    )
    @action(detail=True, methods=["post"])
    def replace(self, request: Request, pk: str) -> Response:
        """Draft an invoice in the place of another, and its credit note (case 24)."""
        invoice, data = self.get_object(), self.validated(serializers.ReplaceInput)
        anew = services.draft_anew(invoice, **data, **self.now)
        return self.answer(anew, status.HTTP_201_CREATED)

    @extend_schema(responses=serializers.OfferSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def offers(self, request: Request, pk: str) -> Response:
        """Tell what money on account would pay it; a person confirms each (W3)."""
        found = services.offers_for(self.get_object())
        return Response(serializers.OfferSerializer(found, many=True).data)

    @extend_schema(
        request=serializers.OfferedInput,
        responses={201: serializers.AllocationSerializer(many=True)},
    )
    @action(detail=True, methods=["post"], url_path="apply-offer")
    def apply_offer(self, request: Request, pk: str) -> Response:
        """Apply what was offered, to its lines in their order."""
        invoice, data = self.get_object(), self.validated(serializers.OfferedInput)
        now = timezone.now()
        made = services.apply_offer(invoice, **data, at=now, by=self.user)
        return made_allocations(made)

    @extend_schema(responses=PDF)
    @action(detail=True)
    def download(self, request: Request, pk: str) -> HttpResponse:
        return paper_of(self.get_object(), by=self.user)


def credit_notes() -> Any:
    """Return credit notes with all that is told of one."""
    lines = CreditNoteLine.objects.order_by("pk")
    rows = CreditNoteViewSet.queryset.select_related("pdf", "invoice__organization")
    return rows.prefetch_related(Prefetch("lines", lines))


class CreditNoteViewSet(RecordViewSet):
    """What is taken back of issued invoices: drafted by one, issued by another."""

    queryset = CreditNote.objects.with_total().annotate(
        invoice_organization=F("invoice__organization")
    )
    serializer_class = serializers.CreditNoteDetail
    filterset_class = filters.CreditNoteFilter
    requires_key = True

    def get_queryset(self) -> Any:
        if self.action == "list":
            return super().get_queryset()
        return credit_notes().permitted(self.user, "view")

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.CreditNoteSerializer
        return super().get_serializer_class()

    @extend_schema(
        request=serializers.CreditNoteInput,
        responses={201: serializers.CreditNoteDetail},
    )
    def create(self, request: Request) -> Response:
        """Draft a credit note; somebody else issues it."""
        data = self.validated(serializers.CreditNoteInput)
        if data["taken"] is None:
            data["taken"] = services.left_of(data["invoice"])
        note = services.draft_credit_note(**data, at=timezone.now(), by=self.user)
        return self.answer(note, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        today, now = timezone.localdate(), timezone.now()
        note = self.get_object()
        issued = services.issue_credit_note(note, today=today, at=now, by=self.user)
        return self.answer(issued)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def abandon(self, request: Request, pk: str) -> Response:
        note = self.get_object()
        return self.answer(services.abandon_credit_note(note, by=self.user))

    @extend_schema(responses=PDF)
    @action(detail=True)
    def download(self, request: Request, pk: str) -> HttpResponse:
        return paper_of(self.get_object(), by=self.user)


def paper_of(paper: Invoice | CreditNote, *, by: Any) -> HttpResponse:
    """Answer with the PDF of what was issued; there is none before."""
    if not paper.number:
        raise Http404
    found = services.fetch_pdf(paper, by=by)
    return pdf_file(found.content, str(found))
