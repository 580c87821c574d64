"""How much memory a web worker takes."""

from collections.abc import Iterator
from typing import Any

from . import people, processes
from .figures import Figure, Probe
from .pages import all_pages
from .stand import FULL
from .web import Visitor, serving

LIMIT = 2.0
VISITS = 200
ALONE = {"DJANGO_SETTINGS_MODULE": "bench.minimal.settings"}


def probes() -> Iterator[Probe]:
    yield Probe("web worker's memory", worker)


def worker(_: Any) -> Iterator[Figure]:
    """Compare a worker that has served everything with one of the reference alone."""
    portal, reference = of_portal(), of_reference()
    yield Figure(
        "web worker's memory",
        f"{portal:.1f} MiB",
        f"{reference:.1f} MiB",
        portal / reference,
        LIMIT,
    )


def of_portal() -> float:
    """Return the memory of a fresh worker after it has served each page some times."""
    visits = []
    with serving(FULL.environment) as web:
        for page in all_pages():
            sign_in = people.token_of if page.is_of_api else people.cookie_of
            visits.append((Visitor(web.port, sign_in(page.email)), page.path))
        for _ in range(VISITS // len(visits)):
            for visitor, path in visits:
                visitor.page(path)
        return processes.memory(web.worker)


def of_reference() -> float:
    """Return the memory of a worker that has served the reference as often."""
    headers = people.cookie_of(people.STAFF, people.PLAIN_BACKEND)
    with serving(FULL.environment | ALONE, "bench.minimal.wsgi") as web:
        visitor = Visitor(web.port, headers)
        for _ in range(VISITS):
            visitor.page("/reference/")
        return processes.memory(web.worker)
