"""What every page shows around its content."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from consortium.demo.world import FOUNDERS
from inm_portal.accounts.demo import STAFF

from .people import place_of

THEMES = ("light", "dark")


#: Address and place of people whom the sign-in page of a demo offers.
DEMO_PEOPLE = [
    *[(f"{local}@inm.example", role.capitalize()) for local, _name, role in STAFF],
    *[(f"sponsor@{f.domain}", f"Sponsor, {f.name}") for f in FOUNDERS],
]


@dataclass(frozen=True)
class NavigationItem:
    """One line of the sidebar."""

    label: Any
    icon: str
    url: str
    is_active: bool


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


def navigation(request: HttpRequest, place: Any) -> list[NavigationItem]:
    """Return the lines of the sidebar that lead somewhere for this visitor."""
    user = request.user
    lines: list[tuple[Any, str, str]] = [(_("Home"), "home", reverse("home"))]
    if user.has_perm("consortium.view_organization"):
        lines += [
            (_("Members"), "building-factory-2", reverse("consortium:members")),
            (_("Agreements"), "contract", reverse("consortium:agreements")),
            (_("Contacts"), "users", reverse("consortium:contacts")),
        ]
    else:
        lines += [
            (company.name, "building-factory-2", company.get_absolute_url())
            for company in place.companies
        ]
    if settings.INSTITUTIONS and user.has_perm("accounts.view_accessrequest"):
        lines.append((_("Requests"), "door-enter", reverse("access_requests")))
    if user.has_perm("kernel.view_journalentry"):
        lines.append((_("Journal"), "history", reverse("journal")))
    if user.has_perm("kernel.view_job"):
        lines.append((_("Jobs"), "list-check", reverse("jobs")))
    if user.is_authenticated:
        lines.append((_("API"), "code", reverse("api-docs")))
    return [
        NavigationItem(label, icon, url, is_active(url, request.path))
        for label, icon, url in lines
    ]


def is_active(url: str, path: str) -> bool:
    """Say whether a line of the sidebar leads to the present page or above it."""
    return path == url if url == "/" else path.startswith(url)
