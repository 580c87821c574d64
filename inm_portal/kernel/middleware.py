"""What happens around each request."""

import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from . import context, metrics, views

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

Answer = Callable[[HttpRequest], HttpResponse]


#: When whoever asked too often may ask again, in seconds, where nobody knows better.
A_FEW_MINUTES = "300"


class ContextMiddleware:
    """
    Give the request an id of the portal's own, for journal, logs and answer.

    What a client sends under that name is overwritten before anybody reads it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with context.request() as request_id:
            request.META["HTTP_X_REQUEST_ID"] = request_id
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class MetricsMiddleware:
    """Time each request, if there is anybody who may read the times."""

    def __init__(self, get_response: Answer) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        took = time.perf_counter() - began
        match = request.resolver_match
        route = match.view_name if match else "none"
        metrics.count_request(route, request.method, response.status_code, took=took)
        return response


class HeadersMiddleware:
    """Keep each page with the person it was made for, away from devices and caches."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.setdefault("Retry-After", A_FEW_MINUTES)
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


class CharsetMiddleware:
    """Read requests as UTF-8, whatever else a header claims, or not at all."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            return HttpResponseBadRequest("Send text as UTF-8.", "text/plain")
        return self.get_response(request)


class SizeMiddleware:
    """Refuse a request that is too large before anything of it is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.MOST_UPLOADED:
            return self.refused(request)
        return self.get_response(request)

    def refused(self, request: HttpRequest) -> HttpResponse:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        if views.is_for_programs(request):
            words = _("This is more than the portal takes at once.")
            return views.problem(status, "request_too_large", words)
        return HttpResponse(render_to_string("413.html"), status=status)
