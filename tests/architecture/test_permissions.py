"""Every door asks for a permission that exists (TEN-01)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.views.generic.base import TemplateResponseMixin
from rest_framework.viewsets import ViewSetMixin

from inm_portal.accounts.models import User
from inm_portal.accounts.roles import ALL
from inm_portal.kernel.api.permissions import ACTIONS, Permitted
from inm_portal.kernel.api.views import RecordViewSet
from inm_portal.kernel.lists import Rows
from inm_portal.kernel.permissions import EVERY_ROLE, name_for, rule_names
from inm_portal.kernel.views import ForGroups, PermittedMixin, permission_of

from .sources import own_apps, routes

#: Addresses that ask for no permission, and why.
OPEN = {
    "/": "shows each person their own; a visitor is sent to sign in",
    "/people/view-as/end/": "ends what the visitor began",
    "/consortium/join/": "takes what anybody asks, who says who they are",
    "/consortium/join/thanks/": "thanks whoever asked",
    "/today/": "shows each person their own; members at risk to those of a role",
    "/consortium/antitrust/": "shows the versions that its visitor reads",
    "/consortium/antitrust/acknowledge/": "is of who visits, and may read it",
    "/theme/": "a cookie of the browser, and nothing of the portal",
    "/account/": "shows each person their own; a visitor is sent to sign in",
    "/account/sessions/end/": "ends the visitor's own sessions",
    "/account/preferences/": "changes what is the visitor's own",
    "/api/v1/account/": "shows and changes the caller's own account",
    "/account/email/": "changes the visitor's own address, after a fresh sign-in",
    "/account/email/<str:key>/": "the same, by a link that only the visitor has",
    "/account/tokens/new/": "makes a token of the visitor's own, after a fresh sign-in",
    "/account/standing-in/new/": "lets a colleague act for the visitor, freshly",
    "/account/standing-in/<int:pk>/act/": "finds the visitor's own leaves alone",
    "/acting/stop/": "makes the visitor act for themselves again",
    "/account/data/": "gives each person their own; a visitor is sent to sign in",
    "/consortium/library/news/": "changes what is the visitor's own",
    "/consortium/students/me/": "writes what is the visitor's own",
    "/consortium/verify/": "tells who holds a check code whether a paper is genuine",
    "/seed-projects/open-calls/": "tells everybody of calls that are published",
    "/seed-projects/open-calls/feed/": "the same, for readers of news",
    "/seed-projects/open-calls/<slug:slug>/": "what everybody reads of such a call",
    "/healthz": "asked by monitors, which are nobody",
    "/readyz": "asked by monitors, which are nobody; says ok or failed",
    "/metrics": "asks for a token of its own, and is not there without one",
    "/api/schema/": "for everybody who is signed in; names no row",
    "/api/docs/": "a page about the schema; the schema asks for itself",
}
#: Sign-in and passwords are allauth's, which is tried in tests/accounts.
ENTRANCE = "/accounts/"


def doors() -> list[tuple[str, Any]]:
    return [
        (address, view)
        for address, view in routes()
        if address not in OPEN and not address.startswith(ENTRANCE)
    ]


def parameters() -> list[Any]:
    return [pytest.param(*door, id=door[0]) for door in doors()]


def asked_by(callback: Any) -> Iterator[str]:
    """Yield the permissions that stand before a view; none for an open one."""
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if view is None:
        return
    if issubclass(view, PermittedMixin):
        yield permission_of(view)
        yield from (name_for(view.queryset.model, button) for button in view.buttons)
    elif issubclass(view, Rows):
        yield name_for(view.queryset.model, "view")
    elif issubclass(view, ForGroups):
        yield view.permission
    elif callback.__dict__.get("initkwargs", {}).get("permission"):
        yield callback.initkwargs["permission"]
    elif issubclass(view, RecordViewSet) and view.permission_classes == [Permitted]:
        for action in callback.actions.values():
            action = "view" if action == "list" else ACTIONS.get(action, action)
            action = "add" if action == "create" else action
            yield name_for(view.queryset.model, action)


def model_permissions() -> set[str]:
    """Return every permission that a group can hold."""
    return {
        f"{model._meta.app_label}.{codename}"
        for model in apps.get_models()
        for codename in [
            *(f"{a}_{model._meta.model_name}" for a in model._meta.default_permissions),
            *(codename for codename, _label in model._meta.permissions),
        ]
    }


KNOWN = rule_names() | model_permissions()


@pytest.mark.parametrize(("address", "view"), parameters())
def test_each_address_asks_for_permissions_that_exist(address, view):
    asked = set(asked_by(view))

    assert asked, "asks for nothing; a reason for that belongs to OPEN"
    assert asked - KNOWN == set()


def test_a_page_about_rows_asks_for_a_rule():
    asked = {
        permission
        for _address, view in doors()
        if issubclass(getattr(view, "view_class", object), PermittedMixin | Rows)
        for permission in asked_by(view)
    }

    assert asked - rule_names() == set()


def test_a_page_about_a_person_shows_who_visits_it_and_not_that_person():
    """Django would call the object ``user``, which is who visits."""
    pages = {getattr(view, "view_class", object) for _address, view in doors()}
    about_people = [
        page
        for page in pages
        if issubclass(page, PermittedMixin)
        and issubclass(page, TemplateResponseMixin)
        and page.queryset.model is User
    ]

    assert about_people != []
    assert {page.context_object_name for page in about_people} == {"person"}


def test_each_open_address_is_there():
    assert {address for address, _view in routes()} >= set(OPEN)


def test_there_are_doors_at_all():
    kinds = {type_of(view) for _address, view in doors()}

    assert kinds == {"page", "API"}


def type_of(view: Any) -> str:
    cls = getattr(view, "cls", None)
    return "API" if cls and issubclass(cls, ViewSetMixin) else "page"


@pytest.mark.parametrize("name", sorted(rule_names()))
def test_each_rule_is_about_a_model_that_exists(name):
    app, action = name.split(".")
    models = {m._meta.model_name for m in apps.get_app_config(app).get_models()}

    assert any(action.endswith(f"_{model}") for model in models)


@pytest.mark.parametrize("app", own_apps(), ids=lambda app: app.label)
def test_no_role_is_asked_for_by_name_and_none_is_unknown(app):
    try:
        policies = __import__(f"{app.name}.policies", fromlist=["ROLES"])
    except ModuleNotFoundError:
        return

    assert set(getattr(policies, "ROLES", {})) <= {*ALL, EVERY_ROLE}
