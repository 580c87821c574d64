"""
What a real portal uses; every secret comes from the environment or a file.

``docs/deployment.md`` has a table of all variables. The last line refuses
settings that are only meant for trials.
"""

from urllib.parse import urlsplit

from . import logging, safety
from .base import *  # noqa: F403
from .base import CACHES
from .caches import redis_cache
from .environment import env

# --- trials: read only to be refused
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)

# --- signing: an old key stays in the fallbacks until its last session has ended
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- what is encrypted at rest: a key of its own, so that the other one can change
ENCRYPTION_KEY = env("ENCRYPTION_KEY")
ENCRYPTION_KEY_FALLBACKS = env.list("ENCRYPTION_KEY_FALLBACKS", default=[])

# --- the one address of the portal: links in mails are made from it
PORTAL_URL = env("PORTAL_URL")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(PORTAL_URL).hostname])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- servers
DATABASES = {
    "default": env.db_url("DATABASE_URL")
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
MIGRATE_DATABASE = {}
if owner_url := env("MIGRATE_DATABASE_URL", default=""):
    MIGRATE_DATABASE = env.db_url_config(owner_url)
CELERY_BROKER_URL = env("REDIS_URL")
if cache_url := env("CACHE_URL", default=""):
    CACHES = CACHES | {"redis": redis_cache(cache_url)}
MEDIA_ROOT = env("MEDIA_ROOT", default="/var/lib/portal/files")

# --- mail
MAIL_SERVER = env.email_url("EMAIL_URL")
if MAIL_SERVER["EMAIL_BACKEND"].endswith(".smtp.EmailBackend"):
    MAIL_SERVER["EMAIL_BACKEND"] = "inm_portal.kernel.wire.EmailBackend"
globals().update({name: value for name, value in MAIL_SERVER.items() if value})
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL")

# --- HTTPS: the scheme of a request is believed only from a front server
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if env.int("TRUSTED_PROXIES", 0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- cookies that no neighbouring host can set or read
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True

LOGGING = logging.configure(json=True)

safety.refuse(globals())
