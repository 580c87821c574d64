"""What happens around each request of somebody who sees what another person sees."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import context
from inm_portal.kernel.views import is_for_programs, problem

from .models import Viewing
from .sessions import renew
from .viewing import end_viewing

#: Where a session keeps which viewing is on.
VIEWING = "viewing"

SEES_ONLY = {"GET", "HEAD", "OPTIONS"}
#: Ways out of a viewing, which change nothing for the person who is viewed.
LEAVING = {"end_view_as": "hand", "account_logout": "sign_out"}
#: What is for a person alone: sign-in, account, and what programs ask.
CLOSED = ("/account/", "/accounts/", "/api/")

Answer = Callable[[HttpRequest], HttpResponse]


class ViewAsMiddleware:
    """
    Let somebody at INM see the portal as another person does, and only see.

    ``request.user`` is then that person, and ``request.user.viewer`` who
    looks; the session stays that of the viewer.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.get(VIEWING)
        viewing = Viewing.objects.with_people().filter(pk=key).first() if key else None
        if viewing is None:
            return self.get_response(request)
        if why := why_over(viewing, request.user):
            finish(request, viewing, why=why)
            request.viewing_is_over = True  # type: ignore[attr-defined]
            return self.get_response(request)
        with context.in_place_of(viewing.person_id):
            structlog.contextvars.bind_contextvars(acting_as=viewing.person_id)
            enter(request, viewing)
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """
        Refuse whatever changes something, or is for the person alone.

        :raises PermissionDenied: in words for whoever views.
        """
        viewing = getattr(request.user, "viewing", None)
        name = request.resolver_match.view_name if request.resolver_match else ""
        sees_only = request.method in SEES_ONLY
        if getattr(request, "viewing_is_over", False):
            if not sees_only and name not in LEAVING:
                raise PermissionDenied(_("The viewing is over, and nothing was done."))
        elif viewing and not sees_only and name in LEAVING:
            finish(request, viewing, why=LEAVING[name])
        elif viewing and name not in LEAVING:
            return refused(request, sees_only=sees_only)
        return None


def why_over(viewing: Viewing, viewer: Any) -> str:
    """Return why a viewing is over; nothing, while it is on."""
    if viewing.ended_at is not None or viewing.until <= timezone.now():
        return "time"
    may = viewing.by == viewer and viewer.has_perm(
        "accounts.view_as_user", viewing.person
    )
    return "" if may else "right"


def enter(request: HttpRequest, viewing: Viewing) -> None:
    """Let ``request.user`` be the person who is viewed."""
    person: Any = viewing.person
    person.viewer, person.viewing = request.user, viewing
    request.user = person


def begin(request: HttpRequest, viewing: Viewing) -> None:
    """Note in the session, under another key, that a viewing is on (SES-01)."""
    request.session[VIEWING] = viewing.pk
    renew(request)


def finish(request: HttpRequest, viewing: Viewing, *, why: str) -> None:
    """End a viewing; the rest of the request is of whoever viewed."""
    end_viewing(viewing, at=timezone.now(), why=why)
    del request.session[VIEWING]
    renew(request)
    context.acting_as.set(None)
    structlog.contextvars.unbind_contextvars("acting_as")
    request.user = getattr(request.user, "viewer", None) or request.user
    request.viewed = viewing.person  # type: ignore[attr-defined]
    if why != "sign_out":
        messages.info(request, _("You see the portal as yourself again."))


def refused(request: HttpRequest, *, sees_only: bool) -> HttpResponse | None:
    """
    Refuse what a viewing may not; None for a page that it may show.

    :raises PermissionDenied: to whoever asks from a page.
    """
    if is_for_programs(request) and not request.path.startswith("/api/docs/"):
        words = _("The API is not for viewing as somebody else.")
        return problem(HTTPStatus.FORBIDDEN, "viewing", words)
    if not sees_only:
        raise PermissionDenied(_("You are only viewing: nothing was changed."))
    if request.path.startswith(CLOSED):
        raise PermissionDenied(_("This page is for the person alone."))
    return None
