"""What is owed and for how long, and statements of account."""

from typing import Any

from django.db.models import F, Value
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.api.serializers import AskedJobSerializer
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.exports.papers import csv_file, pdf_file

from ... import filters, services
from ...filters import day_asked, is_restated
from ...models import Invoice, Organization
from ...models.aging import by_member, days_late, owed, with_care
from ...services.aging import CURRENCY
from ...states import Stated, StatementForm
from .. import serializers
from ..parameters import ON, RESTATED

PERIOD = [
    OpenApiParameter("since", OpenApiTypes.DATE, description="Its first day."),
    OpenApiParameter("until", OpenApiTypes.DATE, description="Its last day."),
    OpenApiParameter("on", OpenApiTypes.DATE, description="As known on a day."),
    OpenApiParameter("currency", str, description="As in USD."),
]
PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}
CSV = {(200, "text/csv"): OpenApiTypes.BINARY}


class AsOf(RecordViewSet):
    """Rows of a day: as it was known then, or restated by what is known now."""

    @property
    def told(self) -> dict[str, Any]:
        query = self.request.query_params
        return {"on": day_asked(query), "restated": is_restated(query)}


@extend_schema_view(retrieve=extend_schema(parameters=[ON, RESTATED]))
class AgingViewSet(AsOf):
    """What each member owes, by age; its cash on account stands beside."""

    queryset = Organization.objects.all()
    serializer_class = serializers.AgingSerializer
    filterset_class = filters.MemberAgingFilter

    def get_queryset(self) -> Any:
        seen = self.queryset.permitted(self.user, "see_aging")
        rows = by_member(seen, **self.told, currency=CURRENCY)
        return rows.annotate(currency=Value(CURRENCY))

    @extend_schema(
        request=serializers.IssueStatementsInput,
        responses={202: AskedJobSerializer},
        filters=False,
    )
    @action(detail=False, methods=["post"], permission="consortium.add_invoice")
    def statements(self, request: Request) -> Response:
        """Issue the statements of many members, which a job does."""
        data = self.validated(serializers.IssueStatementsInput)
        whom, form = Stated(data.pop("whom")), StatementForm(data.pop("form"))
        job = services.ask_for_statements(
            read_period(data), whom=whom, form=form, at=timezone.now(), by=self.user
        )
        return Response(AskedJobSerializer(job).data, status.HTTP_202_ACCEPTED)


@extend_schema_view(retrieve=extend_schema(parameters=[ON, RESTATED]))
class OpenInvoiceViewSet(AsOf):
    """Invoices of which something is open, by what is known of a day."""

    queryset = Invoice.objects.all()
    serializer_class = serializers.OpenInvoiceSerializer
    filterset_class = filters.AgingFilter

    def get_queryset(self) -> Any:
        told = self.told
        rows = owed(**told).permitted(self.user, "see_aging")
        rows = with_care(rows, on=told["on"]).filter(currency=CURRENCY)
        return rows.annotate(
            days_late=days_late(told["on"]), owner=F("organization__owner")
        )

    @extend_schema(responses=serializers.CashForecastSerializer, filters=False)
    @action(detail=False, permission="consortium.view_receipt")
    def forecast(self, request: Request) -> Response:
        """Tell the cash to come, of these and of what is planned; of today."""
        found = services.forecast(on=timezone.localdate())
        return Response(serializers.CashForecastSerializer(found).data)

    @extend_schema(responses=serializers.CockpitSerializer, filters=False)
    @action(detail=False, permission="consortium.view_receipt")
    def cockpit(self, request: Request) -> Response:
        """Tell what waits for finance today, with how many there are of how much."""
        found = services.cockpit(on=timezone.localdate())
        return Response(serializers.CockpitSerializer(found).data)


class StatementOfOrganization:
    """The account of a member, at its own address."""

    user: Any
    get_object: Any

    @extend_schema(
        parameters=PERIOD, responses=serializers.StatementSerializer, filters=False
    )
    @action(detail=True, url_path="statement")
    def see_statement(self, request: Request, pk: str) -> Response:
        """Read its statement of a period; of this fiscal year, if none is named."""
        statement = self.statement(request)
        return Response(serializers.StatementSerializer(statement).data)

    @extend_schema(parameters=PERIOD, responses=PDF, filters=False)
    @action(detail=True, url_path="statement/pdf")
    def statement_pdf(self, request: Request, pk: str) -> HttpResponse:
        """Take the statement as a PDF; who takes it is journaled."""
        statement = self.statement(request)
        taken = services.take_statement(statement, form="pdf", by=self.user)
        return pdf_file(taken.content, taken.name)

    @extend_schema(parameters=PERIOD, responses=CSV, filters=False)
    @action(detail=True, url_path="statement/csv")
    def statement_csv(self, request: Request, pk: str) -> HttpResponse:
        """Take the statement as a CSV file; who takes it is journaled."""
        statement = self.statement(request)
        taken = services.take_statement(statement, form="csv", by=self.user)
        return csv_file(taken.content, taken.name)

    def statement(self, request: Request) -> services.Statement:
        organization = self.get_object()
        period = read_period(request.query_params)
        return services.statement_of(organization, period)


def read_period(data: Any) -> services.Period:
    """Return the period that is asked for; what is wrong with it is an error."""
    form = filters.PeriodForm(data)
    if not form.is_valid():
        raise ValidationError(
            {name: [str(one) for one in of] for name, of in form.errors.items()}
        )
    return services.Period(**form.cleaned_data)
