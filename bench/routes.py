"""The addresses of all pages of the portal."""

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from consortium.models import (
    Agreement,
    Amendment,
    CommitmentYear,
    Contact,
    ContributionCredit,
    Evidence,
    Organization,
    RoleAssignment,
)
from consortium.states import AgreementState

#: Pages with limits of their own, and what is no page of the portal.
EXCEPT = {
    *["home", "consortium:member", "accounts:account"],
    *["reference", "reference_export", "api-schema"],
}

#: Pages that show all that is kept of a person: a statement for each kind of it.
OF_EVERY_KIND = {"erase_person", "erase_contact"}

#: Models of which one object each is tried.
OTHERS = [
    *[Organization, Contact, RoleAssignment, Amendment],
    *[CommitmentYear, ContributionCredit, Evidence],
]

Parts = Iterable[URLPattern | URLResolver]


def pages() -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each route, and the addresses to try it at."""
    keys = list(_keys())
    for name, arguments in _named(get_resolver().url_patterns, "", []):
        if name in EXCEPT or "export" in name:
            continue
        if not arguments:
            yield name, [reverse(name)]
        elif arguments == ["pk"]:
            yield name, [reverse(name, args=[key]) for key in keys]


def _keys() -> Iterator[int]:
    """Yield keys of objects; a route opens for those that are of its kind."""
    for state in (AgreementState.DRAFT, AgreementState.SIGNED):
        yield Agreement.objects.filter(state=state).latest("pk").pk
    for model in OTHERS:
        yield model.objects.latest("pk").pk


def _named(
    parts: Parts, prefix: str, above: list[str]
) -> Iterator[tuple[str, list[str]]]:
    for part in parts:
        arguments = [*above, *part.pattern.regex.groupindex]
        if isinstance(part, URLResolver):
            inner = f"{prefix}{part.namespace}:" if part.namespace else prefix
            yield from _named(part.url_patterns, inner, arguments)
        elif part.name:
            yield f"{prefix}{part.name}", arguments
