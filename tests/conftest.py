"""What all tests share: the database as the portal's own role, and who acts in it."""

import gc
from collections.abc import Iterator
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from inm_portal.accounts.models import User
from inm_portal.kernel import grants
from inm_portal.kernel.owner import ADDRESS
from inm_portal.kernel.reminders import rules

from . import schemas
from .cast import Cast, make_cast

pytest_plugins = ["tests.cluster"]

#: Most of what tests make is gone when they end, and memory is not short.
gc.set_threshold(50_000, 50, 50)

#: The day on which most tests happen: year 2 of the founding members is open.
TODAY = date(2026, 11, 22)
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=ZoneInfo("US/Eastern"))


def connect_as(address: dict) -> None:
    connection.close()
    connection.settings_dict.update({key: address.get(key) for key in ADDRESS})
    connection.settings_dict["OPTIONS"] = address.get("OPTIONS", {})


@pytest.fixture(scope="session")
def served_address() -> dict:
    """How the portal connects; taken before anything changes it."""
    return dict(settings.DATABASES["default"])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    served_address, django_db_modify_db_settings_parallel_suffix, django_db_blocker
) -> None:
    connect_as(settings.MIGRATE_DATABASE)
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = schemas.kept()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup, django_db_blocker, served_address
) -> Iterator[None]:
    """The owner makes and migrates the database; the tests run as the portal's role."""
    role = served_address["USER"]
    with django_db_blocker.unblock():
        schemas.keep()
        grants.apply(connection, role=role)
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {role}")
        connect_as(served_address)
    yield
    with django_db_blocker.unblock():
        connect_as(settings.MIGRATE_DATABASE)


@pytest.fixture(autouse=True)
def _empty_cache(request) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue(
            "db" if not _is_transactional(request) else "transactional_db"
        )
        cache.clear()


def _is_transactional(request) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(
        marker and marker.kwargs.get("transaction")
    )


@pytest.fixture
def cast(db) -> Cast:
    """Two members with their people, and everybody at INM."""
    return make_cast(on=TODAY)


def enter(client: Client, user: User) -> None:
    """Give a browser the session of somebody who signed in before the test."""
    session = client.session
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()


@pytest.fixture
def sign_in():
    """Return a browser in which somebody is signed in."""

    def signed_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            enter(client, user)
        return client

    return signed_in


@pytest.fixture
def plan_only(monkeypatch):
    """Return what lets sweeps plan some rules alone: each takes time in each sweep."""

    def planned(*names: str) -> None:
        chosen = [rules.rule_named(name) for name in names]
        assert None not in chosen
        monkeypatch.setattr(rules, "_rules", dict(zip(names, chosen, strict=True)))

    return planned


class Program(APIClient):
    """A client of the API that sends a key of its own with each POST."""

    def post(self, path, data=None, *, headers=None, **more):
        headers = {"Idempotency-Key": uuid4().hex} | (headers or {})
        return super().post(path, data, headers=headers, **more)


@pytest.fixture
def program():
    """Return a program that acts for somebody."""

    def acting_for(user: User) -> Program:
        client = Program()
        client.force_authenticate(user)
        return client

    return acting_for


@pytest.fixture
def api():
    """Return a client of the API that acts for somebody."""

    def acting_for(user: User | None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.force_authenticate(user)
        return client

    return acting_for
