"""Codes and passkeys, with limits that hit who guesses and nobody else (AUT-03)."""

import re
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa import app_settings
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from django import forms as fields
from django.core.cache import cache
from django.utils.translation import gettext as _

BASE64 = re.compile(r"[\w-]{1,20000}={0,2}")

#: What reading bytes that no passkey wrote may end in.
UNREADABLE = (KeyError, TypeError, IndexError, ValueError, AttributeError, struct.error)

#: A code is good in the period before and after its own too.
GOOD_FOR = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)


def count_guess(user: Any) -> list[ratelimit.RateLimitUsage]:
    """
    Count one guess at a code of ``user``, here and everywhere.

    The count of everywhere is of the present password, without which nobody gets
    as far as here: a new one shuts the guesser out and lets the person in.

    :raises ValidationError: for one too many.
    """
    here = f"{ratelimit.get_ip(context.request)} {user.pk}"
    keys = {"code_here": here, "code_anywhere": f"{user.pk} {user.password}"}
    used = []
    for action, key in keys.items():
        usage = ratelimit.consume(
            context.request, app="allauth.account", action=action, key=key
        )
        if usage is None:
            raise get_adapter().validation_error("too_many_login_attempts")
        used.append(usage)
    return used


class CodeMixin(forms.BaseAuthenticateForm):
    code = fields.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("From your authenticator app, or one of your recovery codes."),
        widget=fields.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        used = count_guess(self.user)
        code: str = self.cleaned_data["code"]
        factors = Authenticator.objects.filter(user=self.user)
        for factor in factors.exclude(type=Authenticator.Type.WEBAUTHN):
            if factor.wrap().validate_code(code) and is_first_use(factor, code):
                factor.user = self.user
                self.authenticator = factor
                for usage in used:
                    usage.rollback()
                return code
        self._emit_authentication_failed(factors.first())
        raise get_adapter().validation_error("incorrect_code")


def is_first_use(factor: Authenticator, code: str) -> bool:
    """Say whether a code of an app was not used already, as long as it is good."""
    if factor.type != Authenticator.Type.TOTP:
        return True
    digits = "".join(filter(str.isdigit, code))
    return cache.add(f"second-factor-{factor.pk}-{digits}", "used", timeout=GOOD_FOR)


class AuthenticateForm(CodeMixin, forms.AuthenticateForm):
    """The second step of a sign-in."""


class ReauthenticateForm(CodeMixin, forms.ReauthenticateForm):
    """The same, of somebody who is signed in."""


class CredentialField(fields.JSONField):
    """What a browser's passkey said; nothing else of that shape is looked into."""

    widget = fields.HiddenInput
    #: Each is text of base64url.
    needed: Sequence[str] = ["clientDataJSON", "authenticatorData", "signature"]

    def to_python(self, value: Any) -> Any:
        said = super().to_python(value)
        if said is not None and not self.has_shape(said):
            raise get_adapter().validation_error("incorrect_code")
        return said

    def has_shape(self, said: Any) -> bool:
        response = said.get("response") if isinstance(said, dict) else None
        if not isinstance(response, dict) or said.get("type") != "public-key":
            return False
        texts = [said.get("id"), said.get("rawId"), *map(response.get, self.needed)]
        return all(isinstance(text, str) and BASE64.fullmatch(text) for text in texts)


class NewCredentialField(CredentialField):
    needed = ["clientDataJSON", "attestationObject"]


@contextmanager
def unreadable_is_wrong() -> Iterator[None]:
    """Take bytes that are no passkey's for a wrong one, and not for a fault."""
    try:
        yield
    except UNREADABLE:
        raise get_adapter().validation_error("incorrect_code") from None


class PasskeyMixin(webauthn.AuthenticateWebAuthnForm):
    """
    Asks nobody's limit: what a key signs cannot be guessed.

    With a limit of the person, whoever has the password could shut them out.
    """

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        with unreadable_is_wrong():
            auth.parse_authentication_response(credential)
            user = self.user or auth.extract_user_from_response(credential)
            return auth.complete_authentication(user, credential)


class AuthenticatePasskeyForm(PasskeyMixin):
    """The second step of a sign-in, by a passkey."""


class ReauthenticatePasskeyForm(PasskeyMixin, webauthn.ReauthenticateWebAuthnForm):
    """The same, of somebody who is signed in."""


class SignInPasskeyForm(PasskeyMixin, webauthn.LoginWebAuthnForm):
    """A sign-in by a passkey alone."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    name = fields.CharField(
        label=_("Name"),
        required=False,
        max_length=100,
        help_text=_("So that you can tell it from others."),
    )
    passwordless = fields.BooleanField(
        label=_("Sign in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=_("The device then asks for your finger, face or PIN."),
    )
    credential = NewCredentialField()

    def clean(self) -> dict[str, Any]:
        with unreadable_is_wrong():
            return super().clean()
