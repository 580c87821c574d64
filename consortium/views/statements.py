"""Statements of account: of a member, as a page and as files; and of many at once."""

from functools import cached_property
from typing import Any

from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import exports
from inm_portal.kernel.exports.papers import csv_file, pdf_file
from inm_portal.kernel.lists import (
    Column,
    RecordExport,
    RecordList,
    Rows,
    slice_of,
)
from inm_portal.kernel.views import CreateView, ForGroups, RecordDetail

from .. import forms, services
from ..filters import PeriodForm, StatedFilter, period_asked
from ..models import Organization
from ..models.statements import with_account, with_something
from ..states import Stated, StatementForm
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
        return services.Period(**period_asked(self.request.GET))

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
        return f"?{self.period.asked}"


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


STATEMENTS = (_("Statements"), reverse_lazy("consortium:statements"))


class StatedRows(ForGroups, Rows):
    """Members with what their statements of a period end with."""

    permission = "consortium.view_invoice"
    queryset = Organization.objects.all()
    filter_class = StatedFilter
    default_sort = "-closing"
    columns = [
        Column("organization", _("Member"), ("name",)),
        Column("open", _("Open on invoices"), ("in_books",), is_numeric=True),
        Column("on_account", _("On account"), ("held",), is_numeric=True),
        Column("closing", _("Balance"), ("closing",), is_numeric=True),
    ]

    @cached_property
    def period(self) -> services.Period:
        return services.Period(**period_asked(self.request.GET))

    def get_queryset(self) -> Any:
        period = self.period
        rows = with_account(
            self.queryset.permitted(self.user, "see_statement"),
            since=period.since,
            until=period.until,
            known_on=period.known_on,
            currency=period.currency,
        )
        return rows.filter(with_something())


class StatementList(StatedRows, RecordList):
    """Whose statements are to be issued, before they are."""

    template_name = "consortium/statements.html"
    told_by_rows = "members"
    noun = (_("statement"), _("statements"))
    export_url = reverse_lazy("consortium:export_statements")
    extra_context = {
        "heading": _("Statements"),
        "empty_title": _("Nobody has a statement"),
        "empty_text": _("Nothing is owed or on account, and nothing was posted."),
    }

    def rows(self) -> Any:
        return super().rows().annotate(members=Window(Count("*")))

    def get_context(self, page: Any) -> dict[str, Any]:
        period = self.period
        query = f"{period.asked}&whom={self.request.GET.get('whom') or Stated.MOVED}"
        return super().get_context(page) | {
            "period": period,
            "asked": f"?{period.asked}",
            "issue_url": f"{reverse('consortium:issue_statements')}?{query}",
            "may_issue": self.user.has_perm("consortium.add_invoice"),
        }


class ExportStatements(StatedRows, RecordExport):
    name = "statements"
    export_columns = {
        "id": "pk",
        "organization": exports.text("name"),
        "open": "in_books",
        "on_account": "held",
        "balance": "closing",
    }


class IssueStatements(CreateView):
    """Send the statements of a period, or take them as files: by a job."""

    permission = "consortium.add_invoice"
    form_class = forms.IssueStatementsForm
    done = _("Asked for; this page tells how far it is.")

    def get_initial(self) -> dict[str, Any]:
        query = self.request.GET
        asked = period_asked(query)
        whom = query.get("whom") if query.get("whom") in Stated else Stated.MOVED
        return asked | {"on": asked["known_on"], "whom": whom, "form": "mail"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Issue statements"),
            breadcrumbs=[STATEMENTS],
            cancel_url=reverse("consortium:statements"),
            submit_label=_("Issue them"),
            intro=_(
                "Billing contacts get a mail that leads to the statement of their "
                "company; where nobody bills, the executive sponsor does. Files are "
                "packed for you alone, and kept for a day."
            ),
            **kwargs,
        )

    def perform(self, **data: Any) -> Any:
        whom, form = Stated(data.pop("whom")), StatementForm(data.pop("form"))
        return services.ask_for_statements(
            services.Period(**data),
            whom=whom,
            form=form,
            at=timezone.now(),
            by=self.user,
        )
