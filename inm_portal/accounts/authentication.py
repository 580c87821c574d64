"""Bearer tokens of the API."""

from typing import Any

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from .models import ApiToken


class BearerAuthentication(TokenAuthentication):
    """``Authorization: Bearer …``; a token of scope read changes nothing."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        found = super().authenticate(request)
        writing = request.method not in SAFE_METHODS
        if found and not found[1].allows(writing=writing):
            raise PermissionDenied(_("This token may only read."))
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[Any, ApiToken]:
        if not token.isascii():
            raise AuthenticationFailed(_("Invalid token."))
        found: tuple[Any, ApiToken] = super().authenticate_credentials(token)
        return found

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        # An expired token is refused and stays, so that its owner can see it.
        return auth_token.is_expired
