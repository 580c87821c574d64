"""Your account: one page, with a card for each thing that a person has here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from inm_portal.kernel.models import Session
from inm_portal.kernel.sessions import handle_of
from inm_portal.kernel.timeline import history_of
from inm_portal.kernel.views import FormPage, StepView, Visited

from ..forms import PreferencesForm, zone_label
from ..models import ApiToken, Delegation, EmailChange
from ..preferences import set_time_zone
from ..second_factor import factors_of
from ..sessions import end_session, end_sessions, limits_of
from ..sso.institutions import institutions, label_of

ACCOUNT = reverse_lazy("accounts:account")

#: Rows of a card; whoever has more ends some.
MOST = 50


#: What a second factor is called where one line has to do.
KINDS = {"totp": _("App"), "webauthn": _("Passkey")}


@dataclass(frozen=True)
class Card:
    """A card of the page: its template, and what that needs besides the user."""

    template: str
    context: Callable[[HttpRequest], dict[str, Any]]


def sign_in(request: HttpRequest) -> dict[str, Any]:
    factors = factors_of(request.user)  # type: ignore[arg-type]
    changes = EmailChange.objects.filter(user=request.user)  # type: ignore[misc]
    return {
        "factors": [KINDS[factor.type] for factor in factors],
        "email_change": changes.open(at=timezone.now()).first(),
    }


def preferences(request: HttpRequest) -> dict[str, Any]:
    return {"zone": zone_label(request.user.time_zone)}  # type: ignore[union-attr]


def sessions(request: HttpRequest) -> dict[str, Any]:
    at = timezone.now()
    rows = Session.objects.permitted(request.user, "view").open(at=at)[:MOST]
    return {
        "sessions": rows,
        "this_session": handle_of(str(request.session.session_key)),
        "limits": limits_of(request.user),  # type: ignore[arg-type]
    }


def tokens(request: HttpRequest) -> dict[str, Any]:
    rows = ApiToken.objects.permitted(request.user, "view")
    return {"tokens": rows.order_by("-created", "token_key")[:MOST]}


def identities(request: HttpRequest) -> dict[str, Any]:
    """Return where the visitor can sign in, with the identity there, if any."""
    own = SocialAccount.objects.filter(user_id=request.user.pk).order_by("pk")
    rows = [(label_of(identity.provider), identity) for identity in own]
    taken = {identity.provider for identity in own}
    return {
        "identities": rows,
        "further": [one for one in institutions().values() if one.slug not in taken],
    }


def standing_in(request: HttpRequest) -> dict[str, Any]:
    today = timezone.localdate()
    rows = Delegation.objects.of(request.user).open(on=today).with_people()
    leaves = rows.order_by("ends_on", "pk")[:MOST]
    return {
        "given": [one for one in leaves if one.principal_id == request.user.pk],
        "received": [one for one in leaves if one.delegate_id == request.user.pk],
        "today": today,
    }


def history(request: HttpRequest) -> dict[str, Any]:
    """Return what happened to the account, as far as its person is told."""
    user: Any = request.user
    return {"entries": history_of(user, user=user)}


#: Further cards are added here, in the order in which the page shows them.
CARDS = [
    Card("accounts/_sign_in.html", sign_in),
    Card("accounts/_identities.html", identities),
    Card("accounts/_preferences.html", preferences),
    Card("accounts/_sessions.html", sessions),
    Card("accounts/_tokens.html", tokens),
    Card("accounts/_standing_in.html", standing_in),
    Card("accounts/_personal_data.html", lambda request: {}),
    Card("accounts/_history.html", history),
]


class AccountPage(Visited, TemplateView):
    template_name = "accounts/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(heading=_("Your account"), **kwargs)
        for card in CARDS:
            context |= card.context(self.request)
        return context | {"cards": [card.template for card in CARDS]}


class Preferences(Visited, FormPage):
    """What suits the visitor: so far, when it is day where they are."""

    form_class = PreferencesForm
    done = _("Saved.")
    extra_context = {
        "heading": _("Preferences"),
        "breadcrumbs": [(_("Your account"), ACCOUNT), (_("Preferences"), None)],
        "cancel_url": ACCOUNT,
    }

    def get_initial(self) -> dict[str, Any]:
        return {"time_zone": self.user.time_zone}

    def perform(self, **data: Any) -> str:
        set_time_zone(self.user, **data, by=self.user)
        return f"{ACCOUNT}#preferences"


class EndSession(StepView):
    queryset = Session.objects.select_related("user")
    action = "end"
    slug_field = slug_url_kwarg = "handle"
    done = _("That session is ended.")

    def perform(self, session: Session, /) -> str:
        end_session(session, by=self.user)
        if session.pk == self.request.session.session_key:
            logout(self.request)
        return reverse("accounts:account") + "#sessions"


class SignOutEverywhere(Visited, View):
    """End every session of the visitor, this one too."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        end_sessions(self.user, by=self.user)
        logout(request)
        messages.success(request, _("You are signed out everywhere."))
        return redirect("account_login")
