"""How a problem is answered: ``{"code", "detail"}``, whatever it is."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from inm_portal.kernel.errors import EditConflict, Refusal
from inm_portal.kernel.idempotency import OtherContent


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "The body of the request is too large."


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """
    Answer every problem as ``{"code", "detail"}``.

    A refusal of the rules is 409; an edit of a version that is no longer
    there is 412, as ``If-Match`` has it; a key with other content is 422.
    """
    if isinstance(exc, Refusal):
        return Response({"code": exc.code, "detail": str(exc)}, status=_status(exc))
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, RequestDataTooBig):
        exc = TooLarge()
    response = drf_exception_handler(exc, context)
    if response is not None and isinstance(exc, exceptions.APIException):
        response.data = _problem(exc)
    return response


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, EditConflict):
        return status.HTTP_412_PRECONDITION_FAILED
    if isinstance(refusal, OtherContent):
        return status.HTTP_422_UNPROCESSABLE_ENTITY
    return status.HTTP_409_CONFLICT


def _problem(exc: exceptions.APIException) -> dict[str, Any]:
    if isinstance(exc, exceptions.ValidationError):
        detail = "Some fields are not right."
        return {"code": "invalid", "detail": detail, "errors": exc.detail}
    return {"code": exc.get_codes(), "detail": exc.detail}
