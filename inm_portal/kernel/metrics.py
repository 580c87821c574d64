"""How many requests are answered, how, and how fast, for whoever watches."""

import os

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

REQUESTS = Histogram(
    "portal_request_seconds",
    "Time until the answer to a request begins.",
    ["route", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def count_request(route: str, method: str | None, status: int, *, took: float) -> None:
    """Count a request under its route, never under an address or a person."""
    known = method if method in METHODS else "other"
    REQUESTS.labels(route, known, status).observe(took)


def counted_requests() -> CollectorRegistry:
    """Return what all web processes that share a folder have counted."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(REQUESTS)
    return registry
