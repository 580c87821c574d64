"""Second factors, where allauth's pages say less than is needed."""

from http import HTTPStatus
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.http import HttpResponse

from .. import second_factor


class FactorsPage(IndexView):
    """What a person can show besides the password; says so if it is due."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_missing = second_factor.is_missing(self.request)
        return super().get_context_data(second_factor_missing=is_missing, **kwargs)


class RemovePasskey(RemoveWebAuthnView):
    """allauth's page, which does not ask whether the passkey may go."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if adapter.can_delete_authenticator(self.get_object()):
            return super().form_valid(form)
        form.add_error(None, adapter.error_messages["cannot_delete_authenticator"])
        context = self.get_context_data(form=form)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return self.render_to_response(context, status=status)
