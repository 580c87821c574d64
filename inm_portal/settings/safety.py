"""What keeps a portal for real people from starting on settings for trials."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

#: Signing keys that stand in the source and so sign nothing.
PUBLISHED_KEYS = {"development-only-never-in-production", "tests-only"}
SHORTEST_KEY = 50
FEWEST_CHARACTERS = 5

POSTGRESQL = "django.db.backends.postgresql"

#: Ways of mail that reach nobody.
TRIAL_MAIL = {"console", "dummy", "filebased", "locmem"}

#: A name of an institution stands in addresses and in names of variables.
SLUG = re.compile(r"[a-z][a-z0-9]*")

#: What Entra has instead of a tenant for whoever comes.
MANY_TENANTS = {"common", "organizations", "consumers"}

Settings = Mapping[str, Any]


def refuse(settings: Settings) -> None:
    """
    Let only settings pass that a portal with real people may run on.

    :raises ImproperlyConfigured: with one sentence for each fault.
    """
    if faults := list(faults_of(settings)):
        raise ImproperlyConfigured("The portal does not start. " + " ".join(faults))


def faults_of(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each setting that belongs to a trial."""
    yield from _modes(settings)
    yield from _keys(settings)
    yield from _addresses(settings)
    yield from _database(settings)
    yield from _servers(settings)
    if not settings["SCANNER"]:
        yield "SCANNER must say what scans files before anybody may have them."
    for institution in settings["INSTITUTIONS"]:
        yield from _institution(institution)


def _modes(settings: Settings) -> Iterator[str]:
    if settings["DEMO"]:
        yield "DEMO is set: the demo people and their password are public."
    if settings["DEBUG"]:
        yield "DEBUG is set: error pages would show code and settings."


def _keys(settings: Settings) -> Iterator[str]:
    for name in ("SECRET_KEY", "ENCRYPTION_KEY"):
        if is_weak(settings[name]):
            yield f"{name} must be {SHORTEST_KEY} random characters or more."
        if any(is_weak(key) for key in settings[f"{name}_FALLBACKS"]):
            yield f"{name}_FALLBACKS holds a key that anybody could guess."
    if settings["ENCRYPTION_KEY"] == settings["SECRET_KEY"]:
        yield "ENCRYPTION_KEY must be another one than SECRET_KEY."
    if settings["METRICS_TOKEN"] and is_weak(settings["METRICS_TOKEN"]):
        yield f"METRICS_TOKEN must be {SHORTEST_KEY} random characters or more."


def is_weak(key: str) -> bool:
    """Return whether ``key`` is too short, monotonous or published."""
    return (
        key in PUBLISHED_KEYS
        or len(key) < SHORTEST_KEY
        or len(set(key)) < FEWEST_CHARACTERS
        or key.startswith("django-insecure-")
    )


def _addresses(settings: Settings) -> Iterator[str]:
    hosts = settings["ALLOWED_HOSTS"]
    if not hosts or "*" in hosts:
        yield "ALLOWED_HOSTS must name the hosts of the portal, without a lone *."
    for origin in settings["CSRF_TRUSTED_ORIGINS"]:
        if not origin.startswith("https://") or "*" in origin:
            yield f"CSRF_TRUSTED_ORIGINS must hold https addresses, not {origin}."
    if urlsplit(settings["PORTAL_URL"]).scheme != "https":
        yield "PORTAL_URL must begin with https://."


def _database(settings: Settings) -> Iterator[str]:
    served, owned = settings["DATABASES"]["default"], settings["MIGRATE_DATABASE"]
    for name, database in [("DATABASE_URL", served), ("MIGRATE_DATABASE_URL", owned)]:
        if database and database.get("ENGINE") != POSTGRESQL:
            yield f"{name} must be the address of a PostgreSQL."
    if owned and served.get("USER") == owned.get("USER"):
        yield "DATABASE_URL must not use the role of MIGRATE_DATABASE_URL."


def _servers(settings: Settings) -> Iterator[str]:
    if not settings["CELERY_BROKER_URL"].startswith(("redis", "valkey")):
        yield "REDIS_URL must be the address of a Redis."
    if settings["EMAIL_BACKEND"].split(".")[-2] in TRIAL_MAIL:
        yield "EMAIL_URL must be the address of a mail server."
    secret = settings["ANYMAIL"]["WEBHOOK_SECRET"]
    if settings["BOUNCE_PROVIDER"] and (":" not in secret or is_weak(secret)):
        yield f"BOUNCE_SECRET must be name:password, {SHORTEST_KEY} random characters."
    if settings["DEFAULT_FROM_EMAIL"].rstrip(">").endswith(".example"):
        yield "DEFAULT_FROM_EMAIL must be an address that can answer."


def _institution(given: Settings) -> Iterator[str]:
    name = f"OIDC_{given['slug'].upper()}"
    if not SLUG.fullmatch(given["slug"]):
        yield "OIDC_PROVIDERS must hold names of letters and digits."
    issuer = urlsplit(given["issuer"])
    if issuer.scheme != "https" or not issuer.hostname:
        yield f"{name}_ISSUER must begin with https://."
    if MANY_TENANTS & {*issuer.path.split("/")}:
        yield f"{name}_ISSUER must be that of one tenant: others give any address."
    if not given["client_id"] or not given["client_secret"]:
        yield f"{name}_CLIENT_ID and {name}_CLIENT_SECRET must be set."
    if any("*" in domain or "." not in domain for domain in given["domains"]):
        yield f"{name}_DOMAINS must hold whole domains, such as mit.edu."
