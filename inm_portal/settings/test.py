"""What the tests use: their own embedded cluster, quick hashes, warnings as errors."""

import os

from inm_portal import embedded

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, MIDDLEWARE, REST_FRAMEWORK, env

STATE = embedded.state_folder() / "test"
SECRET_KEY = "tests-only"  # noqa: S105
ENCRYPTION_KEY = "tests-only"
ENCRYPTION_KEY_FALLBACKS: list[str] = []
PORTAL_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEMO = True

DATABASES = {
    "default": env.db_url(
        "DATABASE_URL", default=embedded.database_url("portal_web", STATE)
    )
}
MIGRATE_DATABASE = env.db_url(
    "MIGRATE_DATABASE_URL",
    default=env("DATABASE_URL", default=embedded.database_url("portal_owner", STATE)),
)
CELERY_BROKER_URL = env("REDIS_URL", default="memory://")

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = [*MIDDLEWARE, "zeal.middleware.zeal_middleware"]
#: A use case made of others holds its company again; some acts are told to two
#: people; allauth reads a session again after each step to an institution and back.
ZEAL_ALLOWLIST = [
    {"model": "consortium.Organization", "field": "get()"},
    {"model": "kernel.Message", "field": "get()"},
    {"model": "*.Session", "field": "get()"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
REST_FRAMEWORK = REST_FRAMEWORK | {
    "DEFAULT_THROTTLE_RATES": {"anon": 10_000, "user": 10_000}
}
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser driver runs a loop
