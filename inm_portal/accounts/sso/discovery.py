"""What an issuer says about itself, remembered for some minutes."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache

from . import wire
from .wire import SignInFault

WELL_KNOWN = "/.well-known/openid-configuration"

#: Seconds for which addresses and keys are believed.
REMEMBERED = 10 * 60

ADDRESSES = ["authorization_endpoint", "token_endpoint", "jwks_uri"]


@dataclass(frozen=True)
class Endpoints:
    """The addresses of an issuer."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    #: Whether the client names itself in the form, or else in a header.
    secret_in_form: bool


def endpoints_of(issuer: str) -> Endpoints:
    """
    Return the addresses of an issuer.

    :raises SignInFault: if it says to be another, or leads off HTTPS.
    """
    found = _remembered(f"{issuer.rstrip('/')}{WELL_KNOWN}")
    if found.get("issuer") != issuer:
        raise SignInFault(f"{issuer} says to be {found.get('issuer')!r}")
    addresses = {name: _address(found, name, issuer) for name in ADDRESSES}
    about = "userinfo_endpoint"
    methods = found.get("token_endpoint_auth_methods_supported") or []
    return Endpoints(
        issuer=issuer,
        **addresses,
        userinfo_endpoint=_address(found, about, issuer) if found.get(about) else "",
        secret_in_form="client_secret_post" in methods,
    )


def keys_at(address: str, *, afresh: bool = False) -> dict[str, Any]:
    """Return the signing keys of an issuer, ``afresh`` if those known do not do."""
    return _remembered(address, afresh=afresh)


def _address(found: dict[str, Any], name: str, issuer: str) -> str:
    """Return one of the addresses, which is as safe as that of the issuer."""
    address = found.get(name)
    if not isinstance(address, str) or not urlsplit(address).hostname:
        raise SignInFault(f"{issuer} has no {name}")
    if urlsplit(address).scheme not in {"https", urlsplit(issuer).scheme}:
        raise SignInFault(f"{issuer} has an unsafe {name}")
    return address


def _remembered(address: str, *, afresh: bool = False) -> dict[str, Any]:
    key = f"sso:{sha256(address.encode()).hexdigest()}"
    found = None if afresh else cache.get(key)
    if found is None:
        found = wire.get(address)
        cache.set(key, found, REMEMBERED)
    return found
