"""What `make run` and every command of a checkout use: embedded servers, a demo."""

from inm_portal import embedded

from . import logging
from .base import *  # noqa: F403
from .base import env

DEBUG = env.bool("DEBUG", False)
DEMO = embedded.is_demo()
SECRET_KEY = env("SECRET_KEY", default="development-only-never-in-production")
ENCRYPTION_KEY = env("ENCRYPTION_KEY", default=SECRET_KEY)
ENCRYPTION_KEY_FALLBACKS = env.list("ENCRYPTION_KEY_FALLBACKS", default=[])
PORTAL_URL = env(
    "PORTAL_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}"
)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=embedded.database_url("portal_web"))
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
MIGRATE_DATABASE = env.db_url(
    "MIGRATE_DATABASE_URL",
    default=env("DATABASE_URL", default=embedded.database_url("portal_owner")),
)
CELERY_BROKER_URL = env("REDIS_URL", default=embedded.broker_url())

LOGGING = logging.configure(json=False)
MEDIA_ROOT = embedded.state_folder() / "media"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = embedded.state_folder() / "mail"

if DEBUG:
    STORAGES = {
        "default": {"BACKEND": "inm_portal.kernel.storage.DurableStorage"},
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        },
    }
else:
    STATIC_ROOT = embedded.state_folder() / "static"
