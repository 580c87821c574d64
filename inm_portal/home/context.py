"""What every page shows around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from consortium.demo.world import FOUNDERS
from inm_portal.accounts.demo import STAFF

from .navigation import navigation
from .people import place_of

THEMES = ("light", "dark")


#: Address and place of people whom the sign-in page of a demo offers.
DEMO_PEOPLE = [
    *[(f"{local}@inm.example", role.capitalize()) for local, _name, role in STAFF],
    *[(f"sponsor@{f.domain}", f"Sponsor, {f.name}") for f in FOUNDERS],
    ("ap@siemens.example", "Shared mailbox, Siemens"),
]


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give templates the frame of a page: navigation, theme, who is signed in."""
    theme = request.COOKIES.get("theme", "")
    place = SimpleLazyObject(lambda: place_of(request.user))
    return {
        "demo": settings.DEMO,
        "demo_people": DEMO_PEOPLE if settings.DEMO else [],
        "theme": theme if theme in THEMES else "",
        "navigation": SimpleLazyObject(lambda: navigation(request, place)),
        "user_title": SimpleLazyObject(lambda: place.title),
    }
