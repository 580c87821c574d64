"""The exchange of a code for an identity, every token of it checked in full."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import quote_plus, urlencode

import jwt

from . import wire
from .discovery import Endpoints, endpoints_of, keys_at
from .identity import Identity, identity_of
from .institutions import Institution
from .wire import SignInFault

#: Signatures by a key that the institution alone has; never "none", never a secret.
ALGORITHMS = [
    *["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    *["ES256", "ES384", "ES512", "EdDSA"],
]
REQUIRED = ["iss", "sub", "aud", "exp", "iat"]

#: Seconds by which two clocks may differ.
LEEWAY = 60

LONGEST_SUBJECT = 255


def way_in(
    institution: Institution,
    *,
    back_to: str,
    state: str,
    nonce: str,
    verifier: str,
    anew: bool = False,
) -> str:
    """
    Return the address at which a person signs in at an institution.

    ``anew`` asks for it even of whoever is signed in there already.
    """
    endpoints = endpoints_of(institution.issuer)
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
    asked = {
        "response_type": "code",
        "client_id": institution.client_id,
        "redirect_uri": back_to,
        "scope": "openid profile email",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    if anew:
        asked |= {"prompt": "login", "max_age": "0"}
    joint = "&" if "?" in endpoints.authorization_endpoint else "?"
    return f"{endpoints.authorization_endpoint}{joint}{urlencode(asked)}"


def identity_for(
    institution: Institution, *, code: str, back_to: str, nonce: str, verifier: str
) -> Identity:
    """
    Return who signed in at an institution, for the code that it gave.

    :raises SignInFault: for anything in its answers that is not right.
    """
    endpoints = endpoints_of(institution.issuer)
    tokens = _tokens(institution, endpoints, code, back_to, verifier)
    id_token = verified(tokens.get("id_token"), institution, endpoints, nonce=nonce)
    about: dict[str, Any] = {}
    if not id_token.get("email") and endpoints.userinfo_endpoint:
        about = _userinfo(endpoints, tokens.get("access_token"), id_token["sub"])
    return identity_of(id_token, about, verified_claim=institution.verified_claim)


def _tokens(
    institution: Institution,
    endpoints: Endpoints,
    code: str,
    back_to: str,
    verifier: str,
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_to,
        "code_verifier": verifier,
    }
    name, secret = institution.client_id, institution.client_secret
    if endpoints.secret_in_form:
        form |= {"client_id": name, "client_secret": secret}
        return wire.post(endpoints.token_endpoint, data=form)
    auth = (quote_plus(name), quote_plus(secret))
    return wire.post(endpoints.token_endpoint, data=form, auth=auth)


def verified(
    token: Any, institution: Institution, endpoints: Endpoints, *, nonce: str
) -> dict[str, Any]:
    """
    Return the claims of an ID token that is meant for this sign-in.

    :raises SignInFault: for a token of somebody else, of another time, or forged.
    """
    if not isinstance(token, str):
        raise SignInFault("no ID token")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key_of(token, endpoints),
            algorithms=ALGORITHMS,
            audience=institution.client_id,
            issuer=institution.issuer,
            leeway=LEEWAY,
            options={"require": REQUIRED},
        )
    except jwt.PyJWTError as error:
        raise SignInFault(f"ID token: {type(error).__name__}") from error
    if not compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise SignInFault("ID token of another sign-in")
    if _meant_for(claims) != institution.client_id:
        raise SignInFault("ID token for another client")
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise SignInFault("ID token without a subject")
    return claims


def _meant_for(claims: dict[str, Any]) -> Any:
    """Return the one client that a token is for; one for several must name it."""
    audience = claims["aud"]
    alone = audience[0] if isinstance(audience, list) and len(audience) == 1 else None
    return claims.get("azp", alone or audience)


def _key_of(token: str, endpoints: Endpoints) -> jwt.PyJWK:
    """Return the key that a token names; a new one is looked for once."""
    name = jwt.get_unverified_header(token).get("kid")
    for afresh in (False, True):
        keys = jwt.PyJWKSet.from_dict(keys_at(endpoints.jwks_uri, afresh=afresh)).keys
        named = [key for key in keys if name in (None, key.key_id)]
        if len(named) == 1:
            return named[0]
    raise SignInFault("ID token by an unknown key")


def _userinfo(endpoints: Endpoints, token: Any, subject: str) -> dict[str, Any]:
    """
    :raises SignInFault: if it is about somebody else.
    """
    if not isinstance(token, str):
        raise SignInFault("no access token")
    headers = {"Authorization": f"Bearer {token}"}
    about = wire.get(endpoints.userinfo_endpoint, headers=headers)
    if about.get("sub") != subject:
        raise SignInFault("userinfo of somebody else")
    return about
