"""How lists page."""

from rest_framework import pagination


class CursorPagination(pagination.CursorPagination):
    """Pages by key, so that the millionth row costs what the first does."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "pk"
