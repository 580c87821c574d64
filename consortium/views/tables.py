"""Reports that are reckoned and no list of rows, as files."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View

from inm_portal.kernel import exports, journal
from inm_portal.kernel.verbs import Verb
from inm_portal.kernel.views import ForGroups

from ..filters import day_asked


class TableFile(ForGroups, View):
    """A report as CSV, or for Excel; who took it is journaled."""

    http_method_names = ["get"]  # a HEAD would be journaled, and take nothing
    name: str
    header: ClassVar[list[str]]

    def rows(self, on: date) -> Iterable[Sequence[Any]]:
        raise NotImplementedError

    def day(self) -> date:
        return day_asked(self.request.GET)

    def get(self, request: HttpRequest) -> HttpResponse | FileResponse:
        on = self.day()
        rows = list(self.rows(on))
        name = f"{self.name}-{on}"
        if request.GET.get("format") == "xlsx":
            self.record(on, format="xlsx")
            return exports.sheet_response(name, rows, self.header)
        self.record(on)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        writer = csv.writer(response, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows([_inert(cell) for cell in row] for row in rows)
        return response

    @transaction.atomic
    def record(self, on: date, **facts: Any) -> None:
        asked = {} if on == timezone.localdate() else {"on": str(on)}
        facts |= {"list": self.name, "filter": asked}
        journal.record(Verb.LIST_EXPORTED, self.user, by=self.user, **facts)


def _inert(cell: Any) -> Any:
    return exports.inert(cell) if isinstance(cell, str) else cell
