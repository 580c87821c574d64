"""How allauth treats identities of institutions here."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest
from django.urls import reverse

from .institutions import institutions


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Institutions come from the settings alone, and nobody signs up by form."""

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[SocialApp]:
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=one.slug,
                name=one.label,
                client_id=one.client_id,
            )
            for one in institutions().values()
            if provider in (None, "openid_connect", one.slug)
            and client_id in (None, one.client_id)
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to `entry`, which writes the mail beside the journal entry."""

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("accounts:account")
