"""The pages that are measured, with what each may cost."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from consortium.models import Agreement, Contact, Organization
from consortium.states import AgreementState

from .people import SPONSOR, STAFF

LIST, DETAIL, HOME, API = 1.5, 1.0, 2.5, 0.5
FEW, MANY = 8, 16
BEYOND_THE_LAST = 1_000_000


@dataclass(frozen=True)
class Page:
    """A page, who reads it, and its limits in R and in statements."""

    name: str
    path: str
    limit: float
    statements: int = FEW
    email: str = STAFF

    @property
    def is_of_api(self) -> bool:
        return self.limit == API

    @property
    def is_detail(self) -> bool:
        return self.limit == DETAIL


def all_pages() -> list[Page]:
    return [*lists(), *details(), *homes(), *resources()]


def lists() -> Iterator[Page]:
    members = reverse("consortium:members")
    yield Page("members list", members, LIST)
    yield Page("members list, search", f"{members}?search=siem", LIST)
    yield Page("members list, last page", f"{members}?page={BEYOND_THE_LAST}", LIST)
    yield Page("members list, sorted by this year", f"{members}?sort=-required", LIST)
    for name, search in [("contacts", "ka"), ("agreements", "siem")]:
        path = reverse(f"consortium:{name}")
        yield Page(f"{name} list", path, LIST)
        yield Page(f"{name} list, search", f"{path}?search={search}", LIST)
        yield Page(f"{name} list, last page", f"{path}?page={BEYOND_THE_LAST}", LIST)


def details() -> Iterator[Page]:
    agreement = Agreement.objects.filter(state=AgreementState.SIGNED).latest("pk")
    contact = Contact.objects.filter(departed_on=None).latest("pk")
    yield Page("agreement page", agreement.get_absolute_url(), DETAIL)
    try:
        path = reverse("consortium:contact", args=[contact.pk])
    except NoReverseMatch:
        return
    yield Page("contact page", path, DETAIL)


def homes() -> Iterator[Page]:
    member = Organization.objects.get(name="Siemens").get_absolute_url()
    home = reverse("home")
    yield Page("staff home", home, HOME, MANY)
    yield Page("sponsor home", home, HOME, MANY, SPONSOR)
    yield Page("member page", member, HOME, MANY)
    yield Page("member page of a sponsor", member, HOME, MANY, SPONSOR)
    yield Page("account page", reverse("accounts:account"), HOME, MANY)


def resources() -> Iterator[Page]:
    for name in ("organization", "contact", "commitmentyear"):
        path = reverse(f"{name}-list")
        yield Page(f"API {path.split('/')[-2]}", path, API)
