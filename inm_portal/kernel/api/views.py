"""The base of every resource, and what edits must say."""

import re
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone
from rest_framework import exceptions, mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from inm_portal.kernel.permissions import ANYONE, name_for, rows_for
from inm_portal.kernel.prepared import Asked, Prepared

from .idempotency import AnsweredOnce
from .pagination import CursorPagination
from .serializers import rows_of

#: The rows of each list that is alike for all who see all of it, as of a day.
_of_today: dict[type, tuple[date, Prepared]] = {}


class RecordViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, AnsweredOnce):
    """Read what the caller may see; whatever else it offers calls one service."""

    lookup_value_regex = r"\d+"

    queryset: Any
    #: What an action asks for that is about no single object.
    permission: str = ""
    #: Whether nothing of the caller or the request but the day decides what is listed
    #: to those who see all rows: the first page is compiled once a day for them.
    is_alike: ClassVar[bool] = False

    @property
    def user(self) -> Any:
        return self.request.user

    def get_queryset(self) -> Any:
        return self.queryset.all().permitted(self.user, "view")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if self.is_alike and not request.query_params and self.sees_all():
            page: Any = super().paginate_queryset(self.first_rows())
            return self.get_paginated_response(
                self.get_serializer(page, many=True).data
            )
        return super().list(request, *args, **kwargs)

    def sees_all(self) -> bool:
        """Say whether the caller sees every row."""
        return rows_for(self.user, name_for(self.queryset.model, "view")) == ANYONE

    def first_rows(self) -> Any:
        """Return all rows, compiled once a day."""
        today = timezone.localdate()
        day, prepared = _of_today.get(type(self), (None, None))
        if prepared is None or day != today:
            rows = rows_of(self.get_queryset(), self.get_serializer_class())
            prepared = Prepared(rows.order_by(CursorPagination.ordering))
            _of_today[type(self)] = today, prepared
        return Asked(prepared, {})

    def paginate_queryset(self, queryset: Any) -> Any:
        return super().paginate_queryset(rows_of(queryset, self.get_serializer_class()))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.shown(self.get_object())

    def may_create(self, user: Any) -> bool:
        """Say whether the caller may create at all; a parent may refuse later."""
        return user.has_perm(name_for(self.queryset.model, "add"))

    def validated(self, serializer_class: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the clean data of the request's body."""
        serializer = serializer_class(
            data=self.request.data, context=self.get_serializer_context(), **kwargs
        )
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def answer(self, obj: Model, status_code: int = status.HTTP_200_OK) -> Response:
        """Answer with the object as a reader of this resource sees it."""
        return self.shown(self.get_queryset().get(pk=obj.pk), status_code)

    def shown(self, obj: Any, status_code: int = status.HTTP_200_OK) -> Response:
        """Answer with an object that was read, tagged with its version, if any."""
        headers = {"ETag": f'"{obj.version}"'} if hasattr(obj, "version") else None
        data = self.get_serializer(obj).data
        return Response(data, status=status_code, headers=headers)


#: What a column of versions can hold.
VERSION = re.compile(r"[0-9]{1,9}")


class PreconditionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"
    default_detail = "Send If-Match with the ETag that you read."


def version_of(request: Request) -> int:
    """
    Return the version that an edit started from, out of ``If-Match``.

    :raises PreconditionRequired: without a readable one.
    """
    tag = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    if not VERSION.fullmatch(tag):
        raise PreconditionRequired
    return int(tag)
