"""The address that the visitor signs in with, changed."""

from http import HTTPStatus
from typing import Any

from allauth.core.ratelimit import consume, respond_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.views import FormPage, Visited

from ..emails import ask_email_change, confirm_email_change
from ..forms import EmailForm
from ..freshness import FreshMixin
from ..models import EmailChange

ACCOUNT = reverse_lazy("accounts:account")


class ChangeEmail(FreshMixin, Visited, FormPage):
    form_class = EmailForm
    done = _("Look into the mail of the new address: a link there confirms it.")
    extra_context = {
        "heading": _("Change e-mail address"),
        "breadcrumbs": [(_("Your account"), ACCOUNT)],
        "intro": _(
            "You sign in with it, and the portal writes to it. The work address that"
            " your company's contact list shows stays as it is."
        ),
        "submit_label": _("Send the link"),
        "cancel_url": ACCOUNT,
    }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not consume(request, action="manage_email", user=request.user):
            return respond_429(request)
        return super().post(request, *args, **kwargs)

    def perform(self, **data: Any) -> str:
        ask_email_change(self.user, **data, at=timezone.now())
        return str(ACCOUNT)


class ConfirmEmail(Visited, View):
    """Where the link leads: a button, since programs that read mail follow links."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not consume(request, action="email_key"):
            return respond_429(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        waiting = EmailChange.objects.filter(user=self.user).open(at=timezone.now())
        return self.page(change=waiting.of_key(key).first())

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        keep = request.session.session_key
        try:
            confirm_email_change(self.user, key=key, at=timezone.now(), keep=keep)
        except Refusal as refusal:
            return self.page(refusal=refusal, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        messages.success(request, _("From now on you sign in with the new address."))
        return redirect(str(ACCOUNT))

    def page(self, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
        return render(
            self.request, "accounts/confirm_email.html", context, status=status
        )
