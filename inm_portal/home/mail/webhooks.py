"""Where a mail service tells of bounces; there is no such address without one."""

from anymail.urls import urlpatterns
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, path


def routes() -> list[URLPattern]:
    """
    Return the address for the service that settings name.

    :raises ImproperlyConfigured: for one that nobody knows.
    """
    if not (provider := settings.BOUNCE_PROVIDER):
        return []
    name = f"{provider}_tracking_webhook"
    for pattern in urlpatterns:
        if pattern.name == name:
            return [path("bounces/told/", pattern.callback, name="bounces_told")]
    raise ImproperlyConfigured(f"BOUNCE_PROVIDER knows no {provider}.")
