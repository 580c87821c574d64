"""Let somebody act in one's place; act in somebody's place."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.views import FormPage, StepView, UseCaseView, Visited

from .. import acting, delegations
from ..forms import DelegationForAnotherForm, DelegationForm
from ..freshness import FreshMixin
from ..models import Delegation, User

ACCOUNT = reverse_lazy("accounts:account")
STANDING_IN = "#standing-in"


class Delegate(FreshMixin, Visited, FormPage):
    """Let a colleague act for the visitor."""

    form_class = DelegationForm
    done = _("Both of you get a mail about it.")
    extra_context = {
        "heading": _("Let somebody act for you"),
        "breadcrumbs": [(_("Your account"), ACCOUNT)],
        "intro": _(
            "A colleague sees and does what you tick here, and nothing else of"
            " yours; each act names both of you. Votes, signatures, money and the"
            " safety of your account are never part of it."
        ),
        "submit_label": _("Let them act"),
        "cancel_url": ACCOUNT,
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "principal": self.user}

    def perform(self, **data: Any) -> str:
        now, today = timezone.now(), timezone.localdate()
        delegations.delegate(self.user, **data, at=now, today=today, by=self.user)
        return f"{ACCOUNT}{STANDING_IN}"


class DelegateForAnother(UseCaseView):
    """Let a colleague act for somebody who asked INM to see to it."""

    queryset = User.objects.all()
    action = "delegate"
    form_class = DelegationForAnotherForm
    context_object_name = "person"  # "user" is who visits
    done = _("Both get a mail about it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "principal": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("Let somebody act for %(name)s") % {"name": self.object.name},
            intro=_(
                "The colleague sees and does what you tick here, and nothing else;"
                " each act names both, and both get a mail about it."
            ),
            submit_label=_("Let them act"),
            breadcrumbs=[
                (_("People"), reverse_lazy("people")),
                (self.object.name, self.object.get_absolute_url()),
            ],
            cancel_url=self.object.get_absolute_url(),
            **kwargs,
        )

    def perform(self, **data: Any) -> User:
        now, today = timezone.now(), timezone.localdate()
        delegations.delegate(self.object, **data, at=now, today=today, by=self.user)
        return self.object


class RevokeDelegation(StepView):
    queryset = Delegation.objects.with_people()
    action = "revoke"
    done = _("Nobody acts by it any more.")

    def perform(self, made: Delegation, /) -> str:
        delegations.revoke(made, at=timezone.now(), by=self.user)
        return f"{ACCOUNT}{STANDING_IN}"


class StartActing(Visited, View):
    """Act for whoever let the visitor."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(
            Delegation.objects.with_people(), pk=pk, delegate=self.user
        )
        try:
            acting.begin(request, made, by=self.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return redirect(f"{ACCOUNT}{STANDING_IN}")
        return redirect("home")


class StopActing(Visited, View):
    """Act for oneself again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        acting.end(request)
        return redirect("home")
