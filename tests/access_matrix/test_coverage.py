"""TEN-01: every route and every method that a view declares has a row."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import get_resolver

from inm_portal.kernel.lists import RecordExport

from .table import rows

#: What a page can be asked with; PUT to a form is what POST is.
OF_PAGES = {"get", "post"}
OF_FUNCTIONS = ["GET", "POST"]


def test_every_route_has_a_row():
    assert set(routes()) == {row.name for row in rows()}


def test_every_method_that_a_view_declares_has_a_row():
    declared = {
        (name, method) for name, view in routes().items() for method in methods(view)
    }

    assert declared - {(row.name, row.method) for row in rows()} == set()


def methods(view: Callable) -> set[str]:
    """Return the methods that a view answers; both, for one that does not say."""
    if actions := getattr(view, "actions", None):
        return {method.upper() for method in actions} - {"HEAD"}
    if view_class := getattr(view, "view_class", None):
        return {method.upper() for method in OF_PAGES if offers(view_class, method)}
    named = inspect.getclosurevars(view).nonlocals
    return set(named.get("request_method_list", OF_FUNCTIONS))


def offers(view_class: type[Any], method: str) -> bool:
    return method in view_class.http_method_names and hasattr(view_class, method)


def routes() -> dict[str, Callable]:
    return dict(walk(get_resolver().url_patterns, ""))


def walk(patterns: Any, namespace: str) -> Iterator[tuple[str, Callable]]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern.callback


def test_every_export_has_a_row_for_excel():
    exports = {
        name
        for name, view in routes().items()
        if issubclass(getattr(view, "view_class", object), RecordExport)
    }

    assert exports
    assert exports - {row.name for row in rows() if row.on == "?format=xlsx"} == set()
