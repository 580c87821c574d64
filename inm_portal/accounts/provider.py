"""Institutions as allauth knows them: it looks for providers in this module."""

from typing import Any

from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.http import HttpRequest

from .sso.identity import Identity
from .sso.institutions import Institution, institutions


class InstitutionAccount(ProviderAccount):
    def to_str(self) -> str:
        return str(self.account.extra_data.get("email") or super().to_str())


class InstitutionProvider(Provider):
    """One institution; a sign-in there arrives as an `Identity`."""

    id = "openid_connect"
    name = "OpenID Connect"
    account_class = InstitutionAccount

    def __init__(self, request: HttpRequest, app: Any = None) -> None:
        super().__init__(request, app)
        self.name = app.name

    @property
    def institution(self) -> Institution:
        return institutions()[self.sub_id]

    def extract_uid(self, data: Identity) -> str:
        return self.institution.key_of(data)

    def extract_extra_data(self, data: Identity) -> dict[str, str]:
        return self.institution.details_of(data)

    def extract_common_fields(self, data: Identity) -> dict[str, str]:
        return {"email": data.email, "name": data.name}


provider_classes = [InstitutionProvider]
