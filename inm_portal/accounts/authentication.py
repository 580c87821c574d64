"""Bearer tokens of the API."""

from datetime import date, datetime
from hmac import compare_digest
from http import HTTPStatus
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    PermissionDenied,
    Throttled,
)
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from inm_portal.kernel import context
from inm_portal.kernel.api.throttling import MinuteThrottle
from inm_portal.kernel.prepared import prepared

from . import second_factor
from .mailboxes import NameNeeded
from .models import ApiToken
from .naming import note_name

#: Wrong tokens from one address of the network in a minute.
GUESSES = 30


def limit_guesses(request: Request) -> None:
    """
    Count a wrong token against the address that it came from.

    :raises Throttled: for one too many.
    """
    guesses = MinuteThrottle()
    if not guesses.count(f"token {guesses.get_ident(request)}", GUESSES):
        raise Throttled(guesses.wait())


class SecondFactorNeeded(PermissionDenied):
    default_code = "second_factor_needed"
    default_detail = _("Your role needs a second factor: set one up on a page first.")


class WhoActsNeeded(APIException):
    status_code = HTTPStatus.BAD_REQUEST
    default_code = NameNeeded.code


def note_who_acts(request: Request, user: Any, *, writing: bool) -> None:
    """
    Note the name that a program gives for a shared mailbox; to write, it must.

    :raises WhoActsNeeded: if it gives none, or none that anybody bears.
    """
    context.given_name.set(None)  # of whoever else may be signed in beside
    if not user.is_shared_mailbox:
        return
    try:
        note_name(request, user, writing=writing)
    except NameNeeded as refusal:
        raise WhoActsNeeded(str(refusal)) from None


@prepared
def live_tokens(key: str, at: datetime, *, on: date) -> Any:
    """
    Return the tokens that begin like this and open something at a moment.

    What is read of their people is as of its day.
    """
    del on  # it decides until when this holds
    return ApiToken.objects.live(at=at).with_bearer().filter(token_key=key)


class BearerAuthentication(TokenAuthentication):
    """``Authorization: Bearer …``; a token of scope read changes nothing."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        if not get_authorization_header(request).isascii():
            raise AuthenticationFailed(_("Invalid token."))
        try:
            found = super().authenticate(request)
        except AuthenticationFailed:
            limit_guesses(request)
            raise
        writing = request.method not in SAFE_METHODS
        if found and not found[1].allows(writing=writing):
            raise PermissionDenied(_("This token may only read."))
        if found:
            note_who_acts(request, found[0], writing=writing)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[Any, ApiToken]:
        """
        Return whose token it is; an expired one is refused, and stays to be seen.

        :raises AuthenticationFailed: for a token that opens nothing.
        :raises SecondFactorNeeded: for somebody at INM who has no second factor.
        """
        if not token.isascii():
            raise AuthenticationFailed(_("Invalid token."))
        clear = token.decode()
        digest = hash_token(clear)
        key, now = ApiToken.key_of(clear), timezone.now()
        for found in live_tokens(key, now, on=timezone.localdate(now)):
            if compare_digest(digest, found.digest):
                return self.validate_user(found)
        raise AuthenticationFailed(_("Invalid token."))

    def validate_user(self, auth_token: ApiToken) -> tuple[Any, ApiToken]:
        super().validate_user(auth_token)
        user = auth_token.bearer
        is_required = second_factor.is_required_of(user)
        if is_required and not second_factor.factors_of(user).exists():
            raise SecondFactorNeeded
        return user, auth_token
