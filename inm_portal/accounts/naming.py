"""Who acts by a shared mailbox: asked at each action, and told to the journal."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from inm_portal.kernel import context
from inm_portal.kernel.journal import NameWanted
from inm_portal.kernel.once import ACTING_NAME
from inm_portal.kernel.views import FormPage, is_for_programs, problem

from .mailboxes import NONE_GIVEN, NameNeeded, named
from .view_as import SEES_ONLY

#: What changes nothing for the company: ways in and out, and who is there.
FREE = {
    *["account_login", "account_logout", "account_reauthenticate", "set_theme"],
    *["mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate"],
    *["mfa_reauthenticate_webauthn", "sso_start", "sso_return", "sso_again"],
    *["sso_reauthenticate", "healthz", "readyz", "metrics"],
}

#: Marks a form that only reads, by a name: what it asks for is the page of its address.
READS = "reads"

Answer = Callable[[HttpRequest], HttpResponse]


class NamingMiddleware:
    """
    Let no shared mailbox do anything without the name of whoever acts.

    Bearer tokens are seen to where they are read, in `authentication`.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with context.of_one_name():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, *given: Any
    ) -> HttpResponse | None:
        """Note the name; where it is needed and missing, answer instead of the page."""
        match = request.resolver_match
        is_free = match is not None and match.view_name in FREE
        if is_free or not getattr(request.user, "is_asked_for_name", False):
            return None
        writing = request.method not in SEES_ONLY
        try:
            note_name(request, request.user, writing=writing)
        except NameNeeded as refusal:
            return refused(request, refusal, view)
        if writing and READS in request.POST:
            request.method = "GET"
        return None

    def process_exception(
        self, request: HttpRequest, fault: Exception
    ) -> HttpResponse | None:
        """Ask for the name where reading something leaves an entry in the journal."""
        if not isinstance(fault, NameWanted):
            return None
        return refused(request, NameNeeded(NONE_GIVEN))


def note_name(request: Any, account: Any, *, writing: bool) -> None:
    """
    Note who acts by a shared account; to read, nobody need say.

    :raises NameNeeded: for no name, or for none that anybody bears.
    """
    context.given_name.set(context.Given(account.pk, ""))
    typed = told_in(request)
    if writing or typed:
        name = named(typed, account=account)
        context.given_name.set(context.Given(account.pk, name))


def told_in(request: Any) -> str:
    """Return the name that a form, or the header of a program, gives."""
    if not is_for_programs(request):
        return str(request.POST.get(ACTING_NAME, ""))
    written = request.META.get("HTTP_ACTING_NAME", "")
    try:
        return unquote(written.encode("latin-1").decode(), errors="strict")
    except UnicodeError:
        return ""


def refused(
    request: HttpRequest, refusal: NameNeeded, view: Any = None
) -> HttpResponse | None:
    """Say that a name is needed; a form of ours does so itself, beside the field."""
    words = str(refusal)
    if is_for_programs(request):
        return problem(HTTPStatus.BAD_REQUEST, refusal.code, words)
    reads = request.method in SEES_ONLY or READS in request.POST
    request.name_needed = words  # type: ignore[attr-defined]
    is_form = issubclass(getattr(view, "view_class", object), FormPage)
    if is_form and request.method == "POST" and not reads:
        return None
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if request.headers.get("HX-Request"):
        return HttpResponse(words, "text/plain; charset=utf-8", status)
    page = {"words": words, "back": came_from(request), "reads": reads and READS}
    return render(request, "accounts/name_needed.html", page, status=status)


def came_from(request: HttpRequest) -> str:
    """Return the page on which the button stood, if it is one of ours."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else "/"
