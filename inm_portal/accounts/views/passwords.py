"""A first password, and a forgotten one, asked for without shutting anybody out."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import PasswordResetView, PasswordSetView
from allauth.core.ratelimit import consume, respond_429
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from inm_portal.kernel.waking import wake

from ..freshness import FreshMixin
from ..merging import tell_where_it_leads
from ..models import User


class ResetPassword(PasswordResetView):
    """allauth's page, whose limit is of who asks, and not of who is asked for."""

    def form_valid(self, form: Any) -> HttpResponse:
        here = get_adapter().get_client_ip(self.request)
        key = f"{here} {form.cleaned_data['email'].lower()}"
        if not consume(self.request, action="reset_password", key=key):
            return respond_429(self.request)
        self.write(form, form.cleaned_data["email"])
        return redirect(self.get_success_url())

    @transaction.atomic
    def write(self, form: Any, email: str) -> None:
        """
        Write the mail, to an unknown address too, and there take it back.

        So the answer takes as long for the one as for the other (AUT-01).
        """
        if not form.users and tell_where_it_leads(email, at=timezone.now()):
            return
        is_known = bool(form.users)
        if not is_known:
            form.users = [User(pk=0, email=email)]
        form.save(self.request)
        if not is_known:
            wake("send_outbox")
            transaction.set_rollback(True)


class SetPassword(FreshMixin, PasswordSetView):
    """A further way in, opened only by who was there a moment ago."""
