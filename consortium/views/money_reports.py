"""Sources and uses, and recognized against committed: pages, and their files."""

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
from ..filters import DayForm, day_asked
from ..services.aging import CURRENCY
from .tables import TableFile


class ReportOfDay(ForGroups, View):
    """A report as known on a day; today, unless the address names another."""

    permission = "consortium.view_receipt"
    template_name: str

    def get(self, request: HttpRequest) -> HttpResponse:
        on = day_asked(request.GET)
        context = {
            "on": on,
            "form": DayForm(request.GET if "on" in request.GET else {"on": str(on)}),
            "currency": CURRENCY,
            **self.told(on),
        }
        return render(request, self.template_name, context)

    def told(self, on: date) -> dict[str, Any]:
        raise NotImplementedError


class SourcesAndUses(ReportOfDay):
    template_name = "consortium/sources_and_uses.html"

    def told(self, on: date) -> dict[str, Any]:
        is_today = on == timezone.localdate()
        found = services.forecast(on=on) if is_today else None
        return {
            "heading": _("Sources and uses"),
            "report": services.sources_and_uses(on=on),
            "projection": services.projection(found) if found else [],
        }


class SourcesFile(TableFile):
    permission = "consortium.view_receipt"
    name = "sources-and-uses"
    header = ["fiscal_year", "side", "line", "label", "amount", "currency"]

    def rows(self, on: date) -> Iterator[list[Any]]:
        return services.sources_and_uses(on=on).rows()


class RecognizedAgainstCommitted(ReportOfDay):
    template_name = "consortium/recognized_against_committed.html"

    def told(self, on: date) -> dict[str, Any]:
        found = services.recognized_against_committed(on=on)
        return {
            "heading": _("Recognized against committed"),
            "totals": services.totals_by_year(found),
            "words": list(services.MONEY_WORDS.values()),
            "lines": slice_of(found, "lines", self.request.GET),
        }


class RecognizedAgainstCommittedFile(TableFile):
    permission = "consortium.view_receipt"
    name = "recognized-against-committed"
    header = [
        *["organization_id", "organization", "fiscal_year"],
        *[*services.MONEY_WORDS, "currency"],
    ]

    def rows(self, on: date) -> Iterator[list[Any]]:
        for line in services.recognized_against_committed(on=on):
            told = [line.organization, line.member, line.year, *line.amounts]
            yield [*told, CURRENCY]
