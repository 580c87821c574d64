"""What happens around each request of somebody who is signed in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .sessions import limits_of

#: The cookie that tells the sign-in page why somebody has to sign in again.
WHY_ENDED = "why_ended"

Answer = Callable[[HttpRequest], HttpResponse]


class SessionLimitsMiddleware:
    """Keep a session alive while its person is there; say why one has ended."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session: Any = request.session
        if request.user.is_authenticated and session.is_to_be_noted:
            session.keep_alive(limits_of(request.user))
        response = self.get_response(request)
        if request.user.is_authenticated:
            if WHY_ENDED in request.COOKIES:
                response.delete_cookie(WHY_ENDED, samesite="Lax")
        elif session.why_ended:
            response.set_cookie(
                WHY_ENDED,
                session.why_ended,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response
