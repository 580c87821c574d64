"""The cash that is to come, as a page and as a file."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from inm_portal.kernel.lists import slice_of
from inm_portal.kernel.views import ForGroups

from .. import services
from ..filters import read_month
from ..services.aging import CURRENCY
from ..states import ForecastKind
from .tables import TableFile


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
    *["probability_percent", "weighted"],
]


class ForecastFile(TableFile):
    """All lines of the forecast of today."""

    permission = "consortium.view_receipt"
    name = "forecast"
    header = HEADER

    def day(self) -> date:
        return timezone.localdate()

    def rows(self, on: date) -> Iterator[list[Any]]:
        for line in services.forecast(on=on).lines:
            told: list[Any] = [f"{line.month:%Y-%m}", line.kind, line.member]
            told += [line.what, line.due_on, line.expected_on]
            told += [line.amount, line.covered, CURRENCY, line.why]
            weighted = None if line.probability is None else line.weighted
            yield [*told, line.probability, weighted]
