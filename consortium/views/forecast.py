"""The cash that is to come, as a page and as a file."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from inm_portal.kernel import journal
from inm_portal.kernel.exports import inert, rows_response
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


def told(on: date, text: Callable[[str], str]) -> Iterator[list[Any]]:
    """Yield the lines of a file; ``text`` writes what people once typed."""
    for line in services.forecast(on=on).lines:
        yield [
            *[f"{line.month:%Y-%m}", str(line.kind), text(line.member)],
            *[text(line.what), line.due_on, line.expected_on],
            *[line.amount, line.covered, CURRENCY, line.why],
        ]


class ForecastFile(ForGroups, View):
    """
    All lines of the forecast as CSV, or with ``format=xlsx`` for Excel.

    Who took it is journaled.
    """

    permission = "consortium.view_receipt"
    http_method_names = ["get"]  # a HEAD would be journaled, and take nothing

    def get(self, request: HttpRequest) -> HttpResponseBase:
        on = timezone.localdate()
        if request.GET.get("format") == "xlsx":
            self.record(format="xlsx")
            return rows_response(f"forecast-{on}", told(on, str), HEADER)
        self.record()
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="forecast-{on}.csv"'
        writer = csv.writer(response, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(told(on, inert))
        return response

    @transaction.atomic
    def record(self, **facts: Any) -> None:
        facts |= {"list": "forecast", "filter": {}}
        journal.record(Verb.LIST_EXPORTED, self.user, by=self.user, **facts)
