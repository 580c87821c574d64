"""The portal as a checkout runs it, with the reference list beside it."""

from inm_portal.settings.development import *  # noqa: F403
from inm_portal.settings.development import INSTALLED_APPS

# The reference list keeps its sessions as Django does.
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sessions", "bench"]
ROOT_URLCONF = "bench.urls"
