"""What a page costs: the processor time of worker and database for each request."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from . import people, processes
from .figures import Figure, Probe
from .pages import LIST, Page, all_pages
from .stand import Stand
from .web import Visitor, Web

WARM_UP = 10
REQUESTS = 12
ROUNDS = (3, 7)
PATIENCE = 5.0
#: A list at ten times the volume may cost this much more.
GROWTH = 1.3

Send = Callable[[], object]


@dataclass(frozen=True)
class Meter:
    """Reads the processor time that web workers and the database have spent."""

    stand: Stand
    webs: tuple[Web, ...]

    def spent(self) -> float:
        workers = sum(processes.processor_time(web.worker) for web in self.webs)
        return workers + self.stand.time_of_database()

    def cost(self, send: Send, times: int) -> float:
        """Return the seconds that one request costs."""
        before = self.spent()
        for _ in range(times):
            send()
        return (self.spent() - before) / times


@dataclass(frozen=True)
class Comparison:
    """What two requests cost, measured in turns; the medians of some rounds."""

    cost: float
    yardstick: float
    ratio: float


def compare(meter: Meter, send: Send, yardstick: Send) -> Comparison:
    """Measure two requests in turns, for a bounded time."""
    meter.cost(send, WARM_UP)
    meter.cost(yardstick, WARM_UP)
    fewest, most = ROUNDS
    rounds: list[tuple[float, float]] = []
    deadline = time.monotonic() + PATIENCE
    while len(rounds) < fewest or (len(rounds) < most and time.monotonic() < deadline):
        base = meter.cost(yardstick, REQUESTS)
        rounds.append((meter.cost(send, REQUESTS), base))
    return Comparison(
        statistics.median(cost for cost, _ in rounds),
        statistics.median(base for _, base in rounds),
        statistics.median(cost / base for cost, base in rounds),
    )


def probes() -> Iterator[Probe]:
    for page in all_pages():
        yield Probe(page.name, lambda bench, page=page: [cost_of(bench, page)])
    for page in all_pages():
        if page.limit == LIST and "," not in page.name:
            name = f"{page.name} at ten times the volume"
            yield Probe(name, lambda bench, page=page: [growth_of(bench, page)])


def cost_of(bench, page: Page) -> Figure:
    """Compare a page with the reference list."""
    reference = Visitor(bench.web.port, people.cookie_of(people.STAFF))
    found = compare(
        bench.meter,
        sender(bench.web, page),
        lambda: reference.page("/reference/"),
    )
    return figure(page.name, found, page.limit)


def growth_of(bench, page: Page) -> Figure:
    """Compare a list with itself in a database with a tenth of the rows."""
    small = Visitor(bench.tenth.port, bench.cookie_at_tenth)
    meter = Meter(bench.stand, (bench.web, bench.tenth))
    found = compare(meter, sender(bench.web, page), lambda: small.page(page.path))
    return figure(f"{page.name} at ten times the volume", found, GROWTH)


def sender(web: Web, page: Page) -> Send:
    """Return what asks for a page once; programs take turns, each has its limit."""
    if page.is_of_api:
        headers = [people.token_of(email) for email in people.READERS]
    else:
        headers = [people.cookie_of(page.email)]
    visitors = cycle([Visitor(web.port, each) for each in headers])
    return lambda: next(visitors).page(page.path)


def figure(name: str, found: Comparison, limit: float) -> Figure:
    return Figure(
        name,
        f"{found.cost * 1000:.2f} ms",
        f"{found.yardstick * 1000:.2f} ms",
        found.ratio,
        limit,
    )
