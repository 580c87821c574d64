"""A first password, and a forgotten one, asked for without shutting anybody out."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import PasswordResetView, PasswordSetView
from allauth.core.ratelimit import consume, respond_429
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ..freshness import FreshMixin
from ..merging import tell_where_it_leads


class ResetPassword(PasswordResetView):
    """allauth's page, whose limit is of who asks, and not of who is asked for."""

    def form_valid(self, form: Any) -> HttpResponse:
        here = get_adapter().get_client_ip(self.request)
        key = f"{here} {form.cleaned_data['email'].lower()}"
        if not consume(self.request, action="reset_password", key=key):
            return respond_429(self.request)
        form.save(self.request)
        tell_where_it_leads(form.cleaned_data["email"], at=timezone.now())
        return redirect(self.get_success_url())


class SetPassword(FreshMixin, PasswordSetView):
    """A further way in, opened only by who was there a moment ago."""
