"""What a browser must ask for when it comes for the first time."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from . import people
from .figures import Figure, Probe
from .pages import Page, all_pages
from .web import Visitor

MOST_REQUESTS = 8
LINKS = {"stylesheet", "preload", "modulepreload", "icon", "manifest"}
SOURCES = {"script": "src", "img": "src", "use": "href", "iframe": "src"}


class Assets(HTMLParser):
    """The addresses that a page makes a browser load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and LINKS & set(given.get("rel", "").split()):
            self.add(given.get("href", ""))
        elif tag in SOURCES:
            self.add(given.get(SOURCES[tag], ""))
        if "load" in given.get("hx-trigger", "").split():
            self.add(given.get("hx-get", ""))

    def add(self, address: str) -> None:
        place = address.partition("#")[0]
        if place and not place.startswith("data:"):
            self.found.add(place)


def probes() -> Iterator[Probe]:
    sign_in = Page("sign-in page", "/accounts/login/", 1.0, email="")
    pages = [
        page for page in all_pages() if not page.is_of_api and "," not in page.name
    ]
    for page in [sign_in, *pages]:
        name = f"{page.name}, first visit"
        yield Probe(name, lambda bench, page=page: first_visit(bench, page))


def first_visit(bench: Any, page: Page) -> Iterator[Figure]:
    headers = people.cookie_of(page.email) if page.email else {}
    answer = Visitor(bench.web.port, headers).page(page.path)
    assets = Assets(answer.text).found
    packed = answer.headers.get("Content-Encoding") == "gzip"
    requests = 1 + len(assets)
    size = f"{len(answer.raw) / 1024:.1f} KiB"
    yield Figure(
        f"{page.name}, first visit", str(requests), size, requests, MOST_REQUESTS
    )
    if not packed:
        yield Figure(f"{page.name}, not compressed", size, "", 1, 0)
