"""How sign-in behaves here."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Site:
    """What mails call the portal."""

    domain: str
    name: str = "the INM Consortium portal"


class AccountAdapter(DefaultAccountAdapter):
    """People come in by invitation; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Make the link from the configured address, whatever a request said."""
        link = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.PORTAL_URL}{link.path}"

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Name the portal by the configured address, whatever a request said."""
        site = Site(urlsplit(settings.PORTAL_URL).netloc)
        super().send_mail(template_prefix, email, {**context, "current_site": site})
