"""Who somebody is, as an institution says."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import EmailField

LONGEST_ADDRESS = 254

#: What a verified address is called, in JSON and in the text of some providers.
YES = (True, 1, "1", "true", "True")


@dataclass(frozen=True)
class Identity:
    """What the claims of one sign-in say, once they are checked."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str
    #: How the person proved who they are: all of ``amr``, and ``acr``.
    methods: frozenset[str]
    #: When they did, in seconds of the clock, if the institution says so.
    signed_in_at: int | None = None


def identity_of(
    id_token: dict[str, Any], about: dict[str, Any], *, verified_claim: str
) -> Identity:
    """
    Return who the claims are about.

    ``about`` may add address and name to those of the ID token; how the
    person signed in stands in the ID token alone.
    """
    claims = about | id_token
    email = _address(claims.get("email"))
    return Identity(
        issuer=id_token["iss"],
        subject=id_token["sub"],
        email=email,
        is_verified=bool(email) and _is_verified(id_token, about, verified_claim),
        name=_name(claims) or email.partition("@")[0],
        methods=_methods(id_token),
        signed_in_at=_moment(id_token.get("auth_time")),
    )


def _is_verified(id_token: dict[str, Any], about: dict[str, Any], claim: str) -> bool:
    """Ask the answer that names the address, and no other, whether it is verified."""
    said_by = id_token if id_token.get("email") else about
    return said_by.get(claim) in YES


def _address(value: Any) -> str:
    """Return an address in the form in which people have theirs, or nothing."""
    email = _text(value).strip().lower()
    try:
        EmailField(max_length=LONGEST_ADDRESS).run_validators(email)
    except ValidationError:
        return ""
    return email


def _name(claims: dict[str, Any]) -> str:
    parts = [_text(claims.get(part)) for part in ("given_name", "family_name")]
    return (_text(claims.get("name")).strip() or " ".join(parts).strip())[:200]


def _methods(claims: dict[str, Any]) -> frozenset[str]:
    listed = claims.get("amr")
    methods = listed if isinstance(listed, list) else [listed]
    return frozenset(_text(method) for method in [*methods, claims.get("acr")]) - {""}


def _moment(value: Any) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
