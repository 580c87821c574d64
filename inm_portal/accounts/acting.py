"""Acting in somebody's place: marked, and only as far as it was handed on."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import context, journal
from inm_portal.kernel.views import is_for_programs, problem

from .delegations import NotInForce, in_force
from .models import Delegation, User
from .sessions import renew
from .verbs import Verb

#: Where a session keeps by which delegation its person acts.
ACTING = "acting"

#: Ways out, which stay open; what is for a person alone does not.
LEAVING = {"stop_acting", "account_logout"}
CLOSED = ("/account/", "/accounts/", "/people/", "/api/")

Answer = Callable[[HttpRequest], HttpResponse]


class ActForMiddleware:
    """
    Let somebody act for whoever let them.

    ``request.user`` is then the principal, with what was handed on and no more;
    ``request.user.delegate`` is who acts. The session stays theirs.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.get(ACTING)
        if key is None or not request.user.is_authenticated:
            return self.get_response(request)
        made = in_force(key, request.user, on=timezone.localdate())
        if made is None:
            request.session.pop(ACTING)
            messages.warning(
                request, _("You act for yourself again: the leave is over.")
            )
            request.acting_is_over = True  # type: ignore[attr-defined]
            return self.get_response(request)
        with context.in_place_of(made.principal_id):
            enter(request, made)
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """
        Keep whoever acts away from what is for the principal alone.

        :raises PermissionDenied: in words for whoever acts.
        """
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_over = getattr(request, "acting_is_over", False)
        if is_over and request.method == "POST" and name not in LEAVING:
            raise PermissionDenied(_("The leave is over, and nothing was done."))
        is_acting = getattr(request.user, "delegate", None) is not None
        if not is_acting or name in LEAVING or not request.path.startswith(CLOSED):
            return None
        if is_for_programs(request):
            words = _("The API is not for acting in somebody's place.")
            return problem(HTTPStatus.FORBIDDEN, "acting", words)
        raise PermissionDenied(_("This page is for the person alone."))


def enter(request: HttpRequest, made: Delegation) -> None:
    """Let ``request.user`` be the principal, as far as it was handed on."""
    principal: Any = made.principal
    principal.delegate, principal.delegation = request.user, made
    principal.handed_on = made.permissions
    request.user = principal


@transaction.atomic
def begin(request: HttpRequest, made: Delegation, *, by: User) -> None:
    """
    Begin to act by a delegation; session and forms get new keys (SES-01).

    :raises NotInForce: if it does not hold today.
    """
    if in_force(made.pk, by, on=timezone.localdate()) is None:
        raise NotInForce(_("This leave does not hold today."))
    request.session[ACTING] = made.pk
    renew(request)
    _record(Verb.ACTING_BEGUN, made)


@transaction.atomic
def end(request: HttpRequest) -> None:
    """Act for oneself again."""
    made = getattr(request.user, "delegation", None)
    if request.session.pop(ACTING, None) is not None:
        renew(request)
    if made is not None:
        _record(Verb.ACTING_ENDED, made)


def _record(verb: Verb, made: Delegation) -> None:
    with context.in_place_of(made.principal_id):
        journal.record(verb, made.principal, by=made.delegate, delegation=made.pk)
