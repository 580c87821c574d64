"""The statement of account of a member, as a page and as files."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.exports.papers import csv_file, pdf_file
from inm_portal.kernel.lists import slice_of
from inm_portal.kernel.views import RecordDetail

from .. import services
from ..filters import PeriodForm
from ..models import Organization
from .payers import payer_crumbs


class OfStatement(RecordDetail):
    """A statement of the period that the address asks for."""

    queryset = Organization.objects.all()
    action = "see_statement"

    @cached_property
    def form(self) -> PeriodForm:
        return PeriodForm(self.request.GET)

    @cached_property
    def period(self) -> services.Period:
        """The period asked for; this fiscal year in the place of one that is wrong."""
        form = self.form if self.form.is_valid() else PeriodForm({})
        form.full_clean()
        return services.Period(**form.cleaned_data)

    def statement(self) -> services.Statement:
        return services.statement_of(self.object, self.period)


class StatementDetail(OfStatement):
    template_name = "consortium/statement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organization, query = self.object, self.request.GET
        statement = self.statement()
        entries = slice_of(statement.entries, "lines", query)
        period = self.period
        return super().get_context_data(
            heading=_("Statement of %(member)s") % {"member": organization.name},
            breadcrumbs=payer_crumbs(organization),
            organization=organization,
            period=period,
            form=self.form_shown,
            asked=self.asked,
            statement=statement,
            entries=entries,
            lines=statement.lines(entries.rows),
            open_invoices=slice_of(statement.open_invoices, "open", query),
            sees_receipts=self.user.has_perm("consortium.view_receipt"),
            is_today=period.known_on == timezone.localdate(),
            **kwargs,
        )

    @property
    def form_shown(self) -> PeriodForm:
        """The form with the period that is shown, or with what is wrong of it."""
        if not self.form.is_valid():
            return self.form
        period = self.period
        days = {"since": period.since, "until": period.until, "on": period.known_on}
        return PeriodForm({name: str(day) for name, day in days.items()})

    @property
    def asked(self) -> str:
        """The period as an address tells it again, on any day."""
        period = self.period
        days = f"since={period.since}&until={period.until}&on={period.known_on}"
        return f"?{days}&currency={period.currency}"


class StatementFile(OfStatement):
    """A statement to take along; who took it is journaled."""

    kind: str = "pdf"
    http_method_names = ["get"]  # a HEAD would be journaled, and take nothing

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if not self.form.is_valid():
            words = _("The period is not right, so there is no statement.")
            return HttpResponseBadRequest(
                words, content_type="text/plain; charset=utf-8"
            )
        taken = services.take_statement(self.statement(), form=self.kind, by=self.user)
        send = pdf_file if self.kind == "pdf" else csv_file
        return send(taken.content, taken.name)
