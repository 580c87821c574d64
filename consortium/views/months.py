"""The months of the ledger: what stands in the way of closing, closed, opened again."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from inm_portal.kernel.views import CreateView, ForGroups, StepView, UseCaseView

from .. import forms, services
from ..filters import read_month
from ..models import PeriodClose, PeriodReopening

MONTHS = (_("Months"), reverse_lazy("consortium:months"))

#: Months on a page.
SHOWN = 24


class MonthList(ForGroups, View):
    """All months since the first entry, the newest first."""

    permission = "consortium.view_periodclose"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        first = services.first_month(today=today)
        asked = request.GET.get("page", "")
        number = int(asked) if asked.isascii() and asked.isdecimal() else 1
        number = min(max(number, 1), 500)
        found = services.months_from(first, today=today, page=number - 1, most=SHOWN)
        context = {
            "heading": _("Months"),
            "months": found[:SHOWN],
            "newer": number - 1,
            "older": number + 1 if len(found) > SHOWN else 0,
        }
        return render(request, "consortium/month_list.html", context)


class OfMonth(ForGroups):
    """A page about one month, which stands in its address."""

    kwargs: dict[str, Any]

    @cached_property
    def month(self) -> services.Month:
        first = read_month(self.kwargs["month"])
        today = timezone.localdate()
        if first is None or not _is_of_the_books(first, today):
            raise Http404
        return services.month_of(first, today=today)


def _is_of_the_books(first: date, today: date) -> bool:
    """Say whether a month has begun, and the ledger with it."""
    return services.first_month(today=today) <= first <= today


class MonthDetail(OfMonth, View):
    permission = "consortium.view_periodclose"

    def get(self, request: HttpRequest, month: str) -> HttpResponse:
        found = self.month
        balances = services.balances_of(found)
        is_to_close = found.is_to_close
        is_checked = is_to_close and "checked" in request.GET
        context = {
            "heading": found.name,
            "breadcrumbs": [MONTHS],
            "month": found,
            "balances": balances,
            "waiting": services.waiting_in(found, balances) if is_to_close else [],
            "is_checked": is_checked,
            "broken": services.books_that_do_not_tie() if is_checked else [],
            **self.buttons(found),
        }
        return render(request, "consortium/month_detail.html", context)

    def buttons(self, month: services.Month) -> dict[str, bool]:
        """Return what the visitor may do with the month."""
        user, close, asked = self.user, month.close, month.asked
        may = {"may_close": user.has_perm("consortium.add_periodclose")}
        if close and month.is_last_closed and not asked:
            may["may_reopen"] = user.has_perm("consortium.reopen_periodclose", close)
        if asked:
            rows: Any = PeriodReopening.objects.filter(pk=asked.pk)
            row = rows.with_permissions(user, "approve", "refuse").get()
            may |= {"may_approve": row.may_approve, "may_refuse": row.may_refuse}
        return may


class CloseMonth(OfMonth, CreateView):
    permission = "consortium.add_periodclose"
    template_name = "consortium/month_close.html"
    form_class = forms.CloseMonthForm
    done = _("The month is closed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = self.month
        balances = services.balances_of(month)
        return super().get_context_data(
            heading=_("Close %(month)s") % {"month": month.name},
            breadcrumbs=[MONTHS, (month.name, month.url)],
            cancel_url=month.url,
            submit_label=_("Close the month"),
            month=month,
            waiting=services.waiting_in(month, balances),
            **kwargs,
        )

    def perform(self, **data: Any) -> PeriodClose:
        return services.close_period(
            self.month.first,
            **data,
            today=timezone.localdate(),
            at=timezone.now(),
            by=self.user,
        )


class ReopenMonth(UseCaseView):
    queryset = PeriodClose.objects.all()
    action = "reopen"
    form_class = forms.ReopenMonthForm
    done = _("Proposed; somebody else decides.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        close = self.object
        name = f"{close.month:%B %Y}"
        return super().get_context_data(
            heading=_("Open %(month)s again") % {"month": name},
            intro=_(
                "What was closed stays on record with its trial balance. Somebody else "
                "decides; once the month is open, entries are posted in it again."
            ),
            breadcrumbs=[MONTHS, (name, close.get_absolute_url())],
            cancel_url=close.get_absolute_url(),
            submit_label=_("Propose"),
            **kwargs,
        )

    def perform(self, **data: Any) -> PeriodReopening:
        now = timezone.now()
        return services.propose_reopening(self.object, **data, at=now, by=self.user)


class ApproveReopening(StepView):
    queryset = PeriodReopening.objects.all()
    action = "approve"
    done = _("The month is open again.")

    def perform(self, reopening: PeriodReopening, /) -> PeriodReopening:
        return services.approve_reopening(reopening, at=timezone.now(), by=self.user)


class RefuseReopening(StepView):
    queryset = PeriodReopening.objects.all()
    action = "refuse"
    done = _("The month stays closed.")

    def perform(self, reopening: PeriodReopening, /) -> PeriodReopening:
        return services.refuse_reopening(reopening, at=timezone.now(), by=self.user)
