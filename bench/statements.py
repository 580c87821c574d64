"""How many SQL statements a page sends, which of them twice, and how they are run."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.db import connection
from django.test import Client

from inm_portal.kernel import privacy

from . import people, routes
from .figures import Figure, Probe
from .pages import FEW, Page, all_pages

#: A statement that reads the whole of a table with more rows than this is one too many.
SMALL_TABLE = 1000
HOST = "127.0.0.1"
PEOPLE = (people.STAFF, people.DIRECTOR, people.SPONSOR, "")


@dataclass
class Log:
    """The statements of one request."""

    sent: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any):
        self.sent.append((sql, params))
        return execute(sql, params, many, context)

    @property
    def repeated(self) -> int:
        """Return how many statements were sent before with the same values."""
        counts = Counter((sql, repr(params)) for sql, params in self.sent)
        return sum(counts.values()) - len(counts)


@contextmanager
def logged() -> Iterator[Log]:
    log = Log()
    with connection.execute_wrapper(log):
        yield log


def probes() -> Iterator[Probe]:
    yield Probe("reference list, statements", reference)
    for page in all_pages():
        name = f"{page.name}, statements"
        yield Probe(name, lambda _, page=page: statements_of(page))
    yield Probe("other pages, statements", others)


def reference(_: Any) -> list[Figure]:
    """Check the yardstick itself."""
    log = request(Page("reference list", "/reference/", 1.0))
    return [_count("reference list, statements", log, 5)]


def statements_of(page: Page) -> Iterator[Figure]:
    log = request(page)
    yield _count(f"{page.name}, statements", log, page.statements)
    if page.statements == FEW and log.repeated:
        yield _exact(f"{page.name}, sent twice", log.repeated)
    if page.is_detail:
        whole = sorted(whole_tables(log))
        yield _exact(f"{page.name}, whole tables read", len(whole), ", ".join(whole))


def request(page: Page) -> Log:
    """Return the statements of a page that was asked for before."""
    headers = people.token_of(page.email) if page.is_of_api else {}
    client = browser("" if page.is_of_api else page.email)
    for _ in range(2):
        with logged() as log:
            answer = client.get(page.path, headers=headers)
        if answer.status_code != 200:
            raise LookupError(f"{page.path} answered {answer.status_code}")
    return log


def browser(email: str) -> Client:
    """Return a browser in which somebody is signed in, or nobody."""
    client = Client(headers={"host": HOST})
    if email:
        name, _, value = people.cookie_of(email)["Cookie"].partition("=")
        client.cookies[name] = value
    return client


def whole_tables(log: Log) -> set[str]:
    """Return the tables, other than small ones, that were read from end to end."""
    read: set[str] = set()
    with connection.cursor() as cursor:
        for sql, params in log.sent:
            if sql.startswith("SELECT"):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                read.update(_scanned(_plan(cursor.fetchone()[0])))
        cursor.execute(
            "SELECT relname FROM pg_class WHERE reltuples > %s", [SMALL_TABLE]
        )
        return read & {name for (name,) in cursor.fetchall()}


def _plan(found: Any) -> dict[str, Any]:
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from _scanned(part)


def others(_: Any) -> Iterator[Figure]:
    """Measure each page of the portal that has no line of its own."""
    logs = dict(found for route in routes.pages() if (found := opened(*route)))
    for name in routes.OF_EVERY_KIND & logs.keys():
        count = len(logs.pop(name).sent)
        limit = FEW + len(privacy.kinds())
        yield Figure(f"{name}, statements", str(count), "", count, limit)
    worst = max(logs, key=lambda name: len(logs[name].sent))
    most = len(logs[worst].sent)
    repeating = [name for name, log in logs.items() if log.repeated]
    name = f"{len(logs)} other pages"
    yield Figure(f"{name}, most statements", str(most), "", most, FEW, worst)
    yield _exact(f"{name}, sending twice", len(repeating), ", ".join(repeating))


def opened(name: str, paths: list[str]) -> tuple[str, Log] | None:
    """Return the statements of a page, as the first person to whom it opens."""
    for email, path in product(PEOPLE, paths):
        client = browser(email)
        answer = client.get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            with logged() as log:
                client.get(path)
            return name, log
    return None


def _count(what: str, log: Log, limit: int) -> Figure:
    count = len(log.sent)
    return Figure(what, str(count), "", count, limit)


def _exact(what: str, count: int, note: str = "") -> Figure:
    return Figure(what, str(count), "", count, 0, note)
