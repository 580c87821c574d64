"""How lists are narrowed."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from .pagination import CursorPagination

#: What an address may say that narrows nothing.
PAGING = {
    CursorPagination.cursor_query_param,
    CursorPagination.page_size_query_param,
}


class FilterBackend(DjangoFilterBackend):
    """The filters of a list; their form is built only for an address that asks."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if set(request.query_params) <= PAGING:
            return queryset
        return super().filter_queryset(request, queryset, view)
