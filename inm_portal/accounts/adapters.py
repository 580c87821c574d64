"""How sign-in behaves here."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People come in by invitation; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Make the link from the configured address, whatever a request said."""
        link = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.PORTAL_URL}{link.path}"
