"""What happens around each request of somebody who is signed in."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from inm_portal.kernel.views import is_for_programs, problem

from . import second_factor
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


#: Where somebody without a second factor may go to: to set one up, or out.
SET_UP = {
    *["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"],
    *["sso_reauthenticate", "sso_again", "sso_return"],
    *["account_logout", "set_theme", "healthz", "readyz"],
}
#: Where somebody who has one, but has not shown it in this session, may go to.
SHOW = {
    *["mfa_reauthenticate", "mfa_reauthenticate_webauthn"],
    *["account_logout", "set_theme", "healthz", "readyz"],
}


class SecondFactorMiddleware:
    """Keep everybody at INM at the door until this session has seen a second factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Lead on to where a second factor is shown or set up, and nowhere else."""
        if not second_factor.is_missing(request):
            return None
        factors = second_factor.factors_of(request.user)  # type: ignore[arg-type]
        has_one = factors.exists()
        match = request.resolver_match
        if match and match.view_name in (SHOW if has_one else SET_UP):
            return None
        if is_for_programs(request):
            detail = _("Your role needs a second factor: sign in on a page first.")
            return problem(HTTPStatus.FORBIDDEN, "second_factor_needed", detail)
        if not has_one:
            return redirect("mfa_index")
        passed_on = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('mfa_reauthenticate')}?{passed_on}")
