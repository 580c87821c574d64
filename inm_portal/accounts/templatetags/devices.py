"""How the account page writes devices and limits."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

#: How the browsers and systems that people use name themselves; the first that fits.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}

HOUR, DAY = 60 * 60, 24 * 60 * 60


@register.filter
def device(user_agent: str) -> str:
    """Say in words what a browser calls itself, as in Firefox on Windows."""
    browser = _first(BROWSERS, user_agent) or _("A browser")
    system = _first(SYSTEMS, user_agent) or _("an unknown device")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}


def _first(names: dict[str, str], text: str) -> str:
    return next((name for mark, name in names.items() if mark in text), "")


@register.filter
def span(seconds: int) -> str:
    """Write a limit in hours, or in days from two on."""
    if seconds >= 2 * DAY:
        return _("%(days)d days") % {"days": seconds // DAY}
    hours = seconds // HOUR
    return _("an hour") if hours == 1 else _("%(hours)d hours") % {"hours": hours}
