"""Lists: filtered, sorted by allow-list, paginated, exported with the same filter."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    QueryDict,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from django_filters import FilterSet

from . import exports, jobs, journal
from .computed import without_unread
from .models import Job
from .once import once
from .verbs import Verb
from .views import Visited

#: Rows are counted up to here; a reader of more than this many needs a filter.
COUNT_UP_TO = 10_000

#: So many keys that a filter finds are read at once, rather than looked for twice.
KEYS_AHEAD = 1000

#: The kind of job that writes the Excel file of a list.
EXPORT = "kernel.export_list"


@dataclass(frozen=True)
class Column:
    """One column: a key for the address, a label, and what it is sorted by, if so."""

    key: str
    label: Any
    order: tuple[Any, ...] = ()
    is_numeric: bool = False


@dataclass(frozen=True)
class Heading:
    """A column on one page: where a click leads, and how it is sorted now."""

    column: Column
    sort_url: str | None
    direction: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.column, name)


#: Rows of a list that stands within the page of something else.
SLICE = 25


@dataclass(frozen=True)
class Slice:
    """Some rows of a list within a page, and whether there are more around them."""

    name: str
    rows: list[Any]
    number: int
    has_next: bool
    query: QueryDict

    @property
    def is_all(self) -> bool:
        return self.number == 1 and not self.has_next

    @property
    def start(self) -> int:
        return (self.number - 1) * SLICE + 1

    @property
    def end(self) -> int:
        return self.start + len(self.rows) - 1

    @property
    def previous_url(self) -> str:
        return self._url(self.number - 1)

    @property
    def next_url(self) -> str:
        return self._url(self.number + 1)

    def _url(self, number: int) -> str:
        query = self.query.copy()
        query[self.name] = str(number)
        return f"?{query.urlencode()}#{self.name}"


def slice_of(rows: Any, name: str, query: QueryDict) -> Slice:
    """Return the rows that an address asks for by ``name``; else the first ones."""
    asked = query.get(name, "")
    number = int(asked) if re.fullmatch("[1-9][0-9]{0,5}", asked) else 1
    found = _around(rows, number)
    if not found:
        number, found = 1, _around(rows, 1) if number > 1 else []
    return Slice(name, found[:SLICE], number, len(found) > SLICE, query)


def _around(rows: Any, number: int) -> list[Any]:
    """Return the rows of a slice, and the one after if there is one."""
    return list(rows[(number - 1) * SLICE : number * SLICE + 1])


class CappedPaginator(Paginator):
    """Counts no further than `COUNT_UP_TO` rows, which bounds the last page too."""

    #: Returns rows by their keys, with what is derived for each, if that is much.
    derived: Callable[[list[int]], Iterable[Any]] | None = None
    #: How many rows a first page looks at, so that it need not count so few.
    ahead: int = 0
    #: The annotation by which each row tells how many there are, if they do.
    told: str = ""

    @cached_property
    def counted(self) -> int:
        rows: Any = self.object_list
        rows = without_unread(rows.order_by()).values("pk")
        return rows[: COUNT_UP_TO + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.counted, COUNT_UP_TO)

    def get_page(self, number: Any) -> Page:
        """Return a page; a first one that sees the last row is counted by its rows."""
        if number in (None, "", "1"):
            ahead = max(self.per_page, self.ahead)
            first = list(self.picked[: ahead + 1])
            if len(first) <= ahead:
                self.counted = len(first)
            elif self.told:
                self.counted = getattr(first[0], self.told)
            return Page(self.read(first[: self.per_page]), 1, self)
        return super().get_page(number)

    def page(self, number: Any) -> Page:
        page: Any = super().page(number)
        start = (page.number - 1) * self.per_page
        page.object_list = self.read(self.picked[start : start + self.per_page])
        return page

    @property
    def picked(self) -> Any:
        """The rows, or only their keys."""
        rows: Any = self.object_list
        return rows if self.derived is None else rows.values_list("pk", flat=True)

    def read(self, picked: Any) -> list[Any]:
        """
        Read the rows of a page that were picked.

        What is derived for a row is so derived for the rows of the page alone,
        and not for all that stand before it.
        """
        if self.derived is None:
            return list(picked)
        keys = list(picked)
        found = {row.pk: row for row in self.derived(keys)}
        return [found[key] for key in keys if key in found]

    @property
    def is_capped(self) -> bool:
        return self.counted > COUNT_UP_TO


class Rows(Visited, View):
    """What a list and its export have in common: the rows that a person asked for."""

    queryset: ClassVar[Any]
    filter_class: ClassVar[type[FilterSet]]
    columns: ClassVar[list[Column]]
    default_sort: ClassVar[str]

    def get_queryset(self) -> Any:
        """Return all rows that the visitor may see."""
        return self.queryset.all().permitted(self.user, "view")

    @cached_property
    def seen(self) -> Any:
        """All rows that the visitor may see, built once for a request."""
        return self.get_queryset()

    @cached_property
    def filter(self) -> FilterSet:
        return self.filter_class(
            self.request.GET, queryset=self.seen, request=self.request
        )

    @cached_property
    def sort(self) -> str:
        """The allow-listed key asked for, with a minus sign for descending."""
        asked = self.request.GET.get("sort", "")
        keys = {column.key for column in self.columns if column.order}
        return asked if asked.removeprefix("-") in keys else self.default_sort

    def rows(self) -> Any:
        """Return the rows asked for, in order; none for a filter that is not right."""
        if not self.filter.form.is_valid():
            return self.get_queryset().none()
        column = next(c for c in self.columns if c.key == self.sort.removeprefix("-"))
        order = [*column.order, "pk"]
        rows = self.filter.qs.order_by(*order)
        return rows.reverse() if self.sort.startswith("-") else rows


class RecordList(Rows):
    """A page of rows."""

    template_name: ClassVar[str]
    noun: ClassVar[tuple[Any, Any]]
    page_size: ClassVar[int] = 50
    #: Whether much is derived for each row, so that the rows are picked first.
    keys_first: ClassVar[bool] = False
    #: Whether what is derived is asked of all rows, so that few are not counted.
    looks_ahead: ClassVar[bool] = False
    #: The annotation by which each row tells how many there are, if they do.
    told_by_rows: ClassVar[str] = ""
    export_url: Any = None
    extra_context: ClassVar[dict[str, Any]] = {}

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = without_unread(self.rows()) if self.keys_first else self.rows()
        paginator = CappedPaginator(rows, self.page_size)
        paginator.told = self.told_by_rows
        if self.keys_first:
            paginator.derived = self.derived
            looks_ahead = self.looks_ahead or self.is_filtered
            paginator.ahead = KEYS_AHEAD if looks_ahead else 0
        page = paginator.get_page(request.GET.get("page"))
        return render(request, self.template_name, self.get_context(page))

    def derived(self, keys: list[int]) -> Iterable[Any]:
        """Return the rows of these keys with what is derived for each."""
        found: Iterable[Any] = self.seen.filter(pk__in=keys)
        return found

    def get_context(self, page: Any) -> dict[str, Any]:
        query = self.request.GET.urlencode()
        export = self.get_export_url()
        return {
            "page": page,
            "total_label": self.total_label(page.paginator),
            "filter": self.filter,
            "columns": list(self.headings()),
            "export_url": export and (f"{export}?{query}" if query else export),
            "excel_url": export and f"{export}?{self.excel_query()}",
            "is_filtered": self.is_filtered,
            **self.extra_context,
        }

    @property
    def is_filtered(self) -> bool:
        form = self.filter.form
        return not form.is_valid() or any(form.cleaned_data.values())

    def count_of_all(self, paginator: CappedPaginator) -> int | None:
        """Return how many rows there are of all, where the page counted them."""
        unsure = self.is_filtered or paginator.is_capped
        return None if unsure else paginator.count

    def excel_query(self) -> str:
        query = self.request.GET.copy()
        query["format"] = "xlsx"
        return query.urlencode()

    def get_export_url(self) -> str | None:
        return self.export_url and str(self.export_url)

    def total_label(self, paginator: CappedPaginator) -> str:
        one, many = self.noun
        if paginator.is_capped:
            return _("more than %(count)s %(things)s") % {
                "count": f"{COUNT_UP_TO:,}",
                "things": many,
            }
        return f"{paginator.count:,} {one if paginator.count == 1 else many}"

    def headings(self) -> Iterator[Heading]:
        for column in self.columns:
            is_current = self.sort.removeprefix("-") == column.key
            descending = self.sort.startswith("-")
            direction = ("descending" if descending else "ascending") * is_current
            query = self.request.GET.copy()
            query.pop("page", None)
            query["sort"] = f"-{column.key}" if direction == "ascending" else column.key
            url = f"?{query.urlencode()}" if column.order else None
            yield Heading(column, url, direction)


class RecordExport(Rows):
    """
    The same rows as a CSV file, or with ``format=xlsx`` for Excel.

    Who took them, and by which filter, is journaled. An Excel file of many
    rows is a job, asked for by POST.
    """

    http_method_names = ["get", "post"]  # a HEAD would be journaled, and take nothing
    name: ClassVar[str]
    export_columns: ClassVar[dict[str, Any]]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.filter.form.is_valid():
            words = _("The filter is not right, so nothing was exported.")
            return HttpResponseBadRequest(
                words, content_type="text/plain; charset=utf-8"
            )
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = self.rows()
        if not self.is_for_excel:
            self.record()
            return exports.csv_response(self.name, rows, self.export_columns)
        if CappedPaginator(rows, 1).is_capped:
            return render(request, "list_parts/prepare.html", {"heading": self.title})
        self.record(format="xlsx")
        return exports.xlsx_response(self.name, rows, self.export_columns)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for the Excel file, once for each form."""
        return once(request, self.asked_for, still_may=lambda: True)

    def asked_for(self) -> HttpResponse:
        """Show how far the file is: on the page that asked, or on its own."""
        job = self.ask()
        if not self.request.headers.get("HX-Request"):
            return redirect(job)
        response = render(self.request, "jobs/asked.html", {"job": job})
        response["Location"] = reverse("job_progress", args=[job.pk])  # if asked again
        return response

    @transaction.atomic
    def ask(self) -> Job:
        self.record(format="xlsx")
        match: Any = self.request.resolver_match
        return jobs.ask(
            EXPORT,
            title=self.title,
            by=self.user,
            at=timezone.now(),
            route=match.view_name,
            query=self.request.GET.urlencode(),
        )

    @transaction.atomic
    def record(self, **facts: Any) -> None:
        facts |= {"list": self.name, "filter": dict(self.asked())}
        journal.record(Verb.LIST_EXPORTED, self.user, by=self.user, **facts)

    @property
    def is_for_excel(self) -> bool:
        return self.request.GET.get("format") == "xlsx"

    @property
    def title(self) -> str:
        return _("Excel file of %(list)s") % {"list": self.name}

    def asked(self) -> Iterator[tuple[str, Any]]:
        """Yield what narrowed and sorted the rows, and nothing else of the address."""
        for name in self.filter.form.cleaned_data:
            if value := self.request.GET.get(name):
                # What was searched for may be a name: only that there was a search.
                yield name, True if name == "search" else value
        if self.request.GET.get("sort") == self.sort:
            yield "sort", self.sort


def export_of(job: Job) -> RecordExport:
    """Return the export that a job is about, as who asked would see it now."""
    match = resolve(reverse(job.args["route"]))
    request = HttpRequest()
    request.method, request.user = "GET", job.asked_by  # type: ignore[assignment]
    request.GET = QueryDict(job.args["query"])
    view: RecordExport = match.func.view_class()  # type: ignore[attr-defined]
    view.setup(request)
    return view
