"""To the institution and back."""

import logging
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.generic import View

from inm_portal.kernel.context import Given, given_name
from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.views import Visited

from .. import second_factor
from ..provider import InstitutionProvider
from . import entry
from .exchange import identity_for, way_in
from .identity import Identity
from .wire import SignInFault, Unreachable

logger = logging.getLogger(__name__)

#: The page on which people see their identities.
OWN_ACCOUNT = "accounts:account"

#: What an exchange is for that only shows again who is there.
CONFIRM = "confirm"

#: Characters of the nonce and of the PKCE verifier.
SECRET_LENGTH = 64


class AtInstitution(View):
    """A step of signing in at one of the configured institutions."""

    def dispatch(
        self, request: HttpRequest, *args: Any, institution: str, **kwargs: Any
    ) -> Any:
        try:
            self.provider: InstitutionProvider = get_adapter(request).get_provider(
                request, institution
            )
        except SocialApp.DoesNotExist:
            raise Http404 from None
        limited = ratelimit.consume_or_429(request, action="login")
        return limited or super().dispatch(request, *args, **kwargs)

    @property
    def back_to(self) -> str:
        """The address that the institution knows, whatever a request says."""
        path = reverse("sso_return", args=[self.provider.sub_id])
        return f"{settings.PORTAL_URL}{path}"

    def fail(self, fault: SignInFault) -> HttpResponse:
        """Say in words that it did not work; the log says why."""
        logger.warning("Sign-in at %s failed: %s", self.provider.sub_id, fault)
        is_away = isinstance(fault, Unreachable)
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.FORBIDDEN
        return self.say("away" if is_away else "fault", status)

    def say(self, why: str, status: HTTPStatus) -> HttpResponse:
        context = {"institution": self.provider.institution, "why": why}
        return render(self.request, "account/sso_failed.html", context, status=status)


class StartSignIn(AtInstitution):
    """
    Lead to an institution by a page of its own.

    The answer to a form may not redirect to another host: the content security
    policy holds for all that follows from it.
    """

    http_method_names = ["post"]
    process: str = AuthProcess.LOGIN
    anew = False

    def post(self, request: HttpRequest) -> HttpResponse:
        secrets = {
            "nonce": get_random_string(SECRET_LENGTH),
            "verifier": get_random_string(SECRET_LENGTH),
        }
        asked = self.provider.get_redirect_from_request_kwargs(request)
        asked |= {"process": self.process, "since": int(time.time())}
        asked |= {"given": given_name.get()}
        state = self.provider.stash_redirect_state(request, **asked, **secrets)
        institution = self.provider.institution
        known: dict[str, Any] = {"state": state, "anew": self.anew, **secrets}
        try:
            address = way_in(institution, back_to=self.back_to, **known)
        except SignInFault as fault:
            return self.fail(fault)
        context = {"institution": institution, "address": address}
        return render(request, "account/sso_start.html", context)


class StartConnecting(StartSignIn):
    """Connect an identity to the account of whoever is signed in, freshly."""

    process = AuthProcess.CONNECT


class StartConfirming(StartSignIn):
    """Ask the institution who is there, whoever is signed in at it already."""

    process = CONFIRM
    anew = True


class ConfirmPage(BaseReauthenticateView):
    """Where somebody shows who they are at an institution of theirs."""

    http_method_names = ["get"]
    template_name = "account/sso_reauthenticate.html"
    form_class = Form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = entry.institutions_of(self.request.user)
        return super().get_context_data(institutions=own, **kwargs)


class ComeBack(AtInstitution):
    """Let in whom the institution names, once all that it says is checked."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            state = self.provider.unstash_redirect_state(
                request, request.GET.get("state")
            )
        except PermissionDenied:
            return self.fail(SignInFault("answer without a sign-in that waits for it"))
        if "code" not in request.GET:
            return self.say("cancelled", HTTPStatus.FORBIDDEN)
        try:
            identity = identity_for(
                self.provider.institution,
                code=request.GET["code"],
                back_to=self.back_to,
                nonce=state.pop("nonce"),
                verifier=state.pop("verifier"),
            )
            return self.enter(request, identity, state)
        except SignInFault as fault:
            return self.fail(fault)
        except Refusal as refusal:
            return self.say(refusal.code, HTTPStatus.FORBIDDEN)

    @transaction.atomic
    def enter(
        self, request: HttpRequest, identity: Identity, state: dict[str, Any]
    ) -> HttpResponse:
        if given := state.pop("given", None):
            given_name.set(Given(*given))
        if state["process"] == CONFIRM:
            return self.confirm(request, identity, state)
        if state["process"] != AuthProcess.CONNECT:
            entry.admit(self.provider.institution, identity, at=timezone.now())
        login = self.provider.sociallogin_from_response(request, identity)
        login.state = state
        response = complete_social_login(request, login)
        self.note_second_factor(request, identity, login)
        return response

    def confirm(
        self, request: HttpRequest, identity: Identity, state: dict[str, Any]
    ) -> HttpResponse:
        """Go on with what the portal asked it for."""
        user: Any = request.user
        institution, since = self.provider.institution, state["since"]
        entry.require_anew(user, institution, identity, since=since)
        where = {"provider": institution.slug, "uid": institution.key_of(identity)}
        record_authentication(
            request, user, "socialaccount", reauthenticated=True, **where
        )
        if institution.asked_second_factor(identity):
            second_factor.note_shown(request, user)
        request.GET = QueryDict(urlencode({"next": state.get("next", "")}))
        return resume_request(request) or redirect(OWN_ACCOUNT)

    def note_second_factor(
        self, request: HttpRequest, identity: Identity, login: Any
    ) -> None:
        """Let a second factor that the institution asked for stand for the portal's."""
        is_in = request.user.is_authenticated and request.user == login.user
        if is_in and self.provider.institution.asked_second_factor(identity):
            second_factor.note_shown(request, login.user)


class RemoveIdentity(Visited, View):
    """Take one of one's own identities away, after a fresh sign-in."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        own = SocialAccount.objects.filter(user=self.user)
        try:
            entry.remove_identity(
                get_object_or_404(own, pk=pk), at=timezone.now(), by=self.user
            )
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Identity removed."))
        return redirect(OWN_ACCOUNT)


start_sign_in = login_not_required(StartSignIn.as_view())
start_confirming = login_required(StartConfirming.as_view())
confirm = login_required(ConfirmPage.as_view())
connect = reauthentication_required(StartConnecting.as_view())
come_back = login_not_required(ComeBack.as_view())
remove = reauthentication_required(RemoveIdentity.as_view())
