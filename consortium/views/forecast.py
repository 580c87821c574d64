"""The cash that is to come, as a page and as a file."""

import csv
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from inm_portal.kernel import journal
from inm_portal.kernel.exports import inert
from inm_portal.kernel.lists import slice_of
from inm_portal.kernel.verbs import Verb
from inm_portal.kernel.views import ForGroups

from .. import services
from ..filters import read_month
from ..services.aging import CURRENCY
from ..states import ForecastKind


class CashForecast(ForGroups, View):
    """Two years ahead by month; each figure opens to its lines."""

    permission = "consortium.view_receipt"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = services.forecast(on=timezone.localdate())
        month = read_month(request.GET.get("month", ""))
        kind = request.GET.get("kind", "")
        lines = [
            line
            for line in found.lines
            if month in (None, line.month) and kind in ("", line.kind)
        ]
        context = {
            "heading": _("Cash forecast"),
            "forecast": found,
            "currency": CURRENCY,
            "kinds": list(ForecastKind),
            "lines": slice_of(lines, "lines", request.GET),
            "month": month,
            "kind": ForecastKind(kind) if kind in ForecastKind else None,
        }
        return render(request, "consortium/forecast.html", context)


HEADER = [
    *["month", "kind", "organization", "what", "due_on", "expected_on"],
    *["amount", "covered_by_cash_on_account", "currency", "why"],
]


class ForecastFile(ForGroups, View):
    """All lines of the forecast as CSV; who took it is journaled."""

    permission = "consortium.view_receipt"
    http_method_names = ["get"]  # a HEAD would be journaled, and take nothing

    def get(self, request: HttpRequest) -> HttpResponse:
        on = timezone.localdate()
        self.record()
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="forecast-{on}.csv"'
        writer = csv.writer(response, lineterminator="\n")
        writer.writerow(HEADER)
        for line in services.forecast(on=on).lines:
            told: list[Any] = [f"{line.month:%Y-%m}", line.kind, inert(line.member)]
            told += [inert(line.what), line.due_on, line.expected_on]
            writer.writerow([*told, line.amount, line.covered, CURRENCY, line.why])
        return response

    @transaction.atomic
    def record(self) -> None:
        facts = {"list": "forecast", "filter": {}}
        journal.record(Verb.LIST_EXPORTED, self.user, by=self.user, **facts)
