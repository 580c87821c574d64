"""How lists page."""

import re
from typing import Any

from rest_framework import pagination
from rest_framework.exceptions import NotFound
from rest_framework.request import Request


class CursorPagination(pagination.CursorPagination):
    """Pages by key, so that the millionth row costs what the first does."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "id"
    #: A cursor stands behind what a row is ordered by.
    key = re.compile(r"[0-9]{1,18}")

    def decode_cursor(self, request: Request) -> Any:
        """
        :raises NotFound: for a cursor that this portal did not give.
        """
        cursor = super().decode_cursor(request)
        if cursor and cursor.position and not self.key.fullmatch(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor
