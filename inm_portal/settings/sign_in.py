"""Institutions whose people sign in there, by OpenID Connect (docs/sign-in.md)."""

from typing import Any

from .environment import env


def institutions() -> list[dict[str, Any]]:
    """Return what the environment says of each institution in ``OIDC_PROVIDERS``."""
    names = env.list("OIDC_PROVIDERS", default=[])
    return [_institution(name.lower()) for name in names]


def _institution(slug: str) -> dict[str, Any]:
    name = slug.upper()
    return {
        "slug": slug,
        "label": env(f"OIDC_{name}_LABEL", default=slug.title()),
        "issuer": env(f"OIDC_{name}_ISSUER", default=""),
        "client_id": env(f"OIDC_{name}_CLIENT_ID", default=""),
        "client_secret": env(f"OIDC_{name}_CLIENT_SECRET", default=""),
        "domains": env.list(f"OIDC_{name}_DOMAINS", default=[]),
        "verified_claim": env(f"OIDC_{name}_VERIFIED_CLAIM", default="email_verified"),
        "second_factor": env.list(f"OIDC_{name}_SECOND_FACTOR", default=[]),
    }
