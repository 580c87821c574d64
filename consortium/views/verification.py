"""Whether a paper that names a check code is genuine: a page for everybody."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import TemplateView
from rest_framework.request import Request

from inm_portal.kernel.api.throttling import MinuteThrottle

from .. import forms, services

#: Codes tried from one address of the network in a minute.
TRIES = 30


class VerifyPaper(TemplateView):
    """Tell number, day and amount of what was issued under a code, and no more."""

    template_name = "consortium/verify_paper.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        tries = MinuteThrottle()
        network = tries.get_ident(Request(request))
        if not tries.count(f"verification {network}", TRIES):
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer a form, so that no address holds a code."""
        form = forms.CheckCodeForm(request.POST)
        if not form.is_valid():
            context = self.get_context_data(form=form)
            return self.render_to_response(
                context, status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
        found = services.verify_code(form.cleaned_data["code"])
        context = self.get_context_data(form=form, paper=found, is_asked=True)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": forms.CheckCodeForm()} | kwargs)
