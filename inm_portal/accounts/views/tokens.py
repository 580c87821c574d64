"""API tokens of the visitor: made, shown once, ended."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.views import FormPage, StepView, Visited

from ..forms import TokenForm
from ..freshness import FreshMixin
from ..models import ApiToken
from ..tokens import issue_token, revoke_token

ACCOUNT = reverse_lazy("accounts:account")


class AddToken(FreshMixin, Visited, FormPage):
    form_class = TokenForm
    initial = {"scope": "read", "days": ApiToken.LIFETIME.days}
    extra_context = {
        "heading": _("New API token"),
        "breadcrumbs": [(_("Your account"), ACCOUNT)],
        "intro": _("A program that shows the token acts as you, within its scope."),
        "submit_label": _("Make the token"),
        "cancel_url": ACCOUNT,
    }

    def form_valid(self, form: Any) -> HttpResponse:
        """Show the token, on this answer and on no other."""
        try:
            token = self.perform(**form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        context = self.get_context_data(token=token)
        return render(self.request, "accounts/token_made.html", context)

    def perform(self, **data: Any) -> str:
        lifetime = timedelta(days=data.pop("days"))
        return issue_token(self.user, lifetime=lifetime, **data, by=self.user)


class RevokeToken(StepView):
    queryset = ApiToken.objects.select_related("user")
    action = "revoke"
    slug_field = slug_url_kwarg = "token_key"
    done = _("The token is ended; no program can use it any more.")

    def perform(self, token: ApiToken, /) -> str:
        revoke_token(token, by=self.user)
        return reverse("accounts:account") + "#tokens"
