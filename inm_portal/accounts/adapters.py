"""How sign-in behaves here."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel import journal, mails

from . import ciphers, second_factor
from .freshness import is_fresh
from .models import EmailChange, User
from .sessions import end_sessions
from .sso.entry import institutions_of
from .tokens import revoke_tokens
from .verbs import Verb

#: How people can show again who they are.
WAYS = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    """People come in by invitation; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "The e-mail address and the password do not fit together."
        )
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Make the link from the configured address, whatever a request said."""
        return _at_portal(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, asked: Any) -> str:
        return _at_portal(super().get_email_confirmation_url(request, asked))

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Leave mails to the worker: a page never waits for a mail server."""
        now = timezone.now()
        lasts = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        mails.write(
            template_prefix,
            to=User.objects.filter(email=email.lower()).first() or email,
            slot=uuid4().hex,
            at=now,
            context=context,
            expires_at=now + lasts if "key" in context else None,
            asked=True,
            opens_something=True,
        )

    @transaction.atomic
    def set_password(self, user: Any, password: str) -> None:
        """Set a password; other sessions, tokens and an e-mail change end."""
        super().set_password(user, password)
        revoke_tokens(user, by=user)
        EmailChange.objects.filter(user=user).delete()
        is_here = self.request.user == user
        keep = self.request.session.session_key if is_here else None
        end_sessions(user, by=user, keep=keep)
        journal.record(Verb.PASSWORD_SET, user, by=user)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """
        Ask again who is there, unless that was shown within the last minutes.

        allauth would ask nobody who has neither a password nor a second factor.

        :raises ReauthenticationRequired: unless it was.
        """
        if not is_fresh(self.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """
        Name the ways in the portal's words; the last is an institution.

        Its page says how to go on, too, to whoever has no way at all. A page asks
        twice, and the database is asked once.
        """
        if not hasattr(user, "ways_to_confirm"):
            user.ways_to_confirm = self._ways_of(user)
        return list(user.ways_to_confirm)

    def _ways_of(self, user: Any) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        ways = [way | {"description": WAYS[way["id"]]} for way in ways]
        if user.is_authenticated and (not ways or institutions_of(user)):
            ways.append(
                {
                    "id": "institution",
                    "description": _("Sign in at your institution"),
                    "url": reverse("sso_reauthenticate"),
                }
            )
        return ways

    def reauthenticate(self, user: Any, password: str) -> bool:
        return bool(user.check_password(password))

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        # By address of the network too, so that nobody is locked out from afar;
        # and not by the name of the host, which a request may choose.
        email = str(credentials.get("email", "")).strip().lower()
        return f"{self.get_client_ip(request)} {email}"


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: encrypted at rest, and not to be given up where they are due."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Your role at INM needs a second factor; add another one first."
        ),
        "incorrect_code": _("That code is not right, or was used already."),
    }

    def encrypt(self, text: str) -> str:
        return ciphers.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return ciphers.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user: Any = authenticator.user
        is_required = second_factor.is_required_of(user)
        return not (is_required and second_factor.is_last_of(authenticator))

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        return str(_("Passkey"))

    def _get_site_name(self) -> str:
        return "INM Consortium"


def _at_portal(link: str) -> str:
    """Return a link as it is at the portal's own address."""
    return f"{settings.PORTAL_URL}{urlsplit(link).path}"
