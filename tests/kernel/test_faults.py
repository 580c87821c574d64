"""Faults, broken filters, addresses that lead nowhere: plain words for each."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client

from inm_portal.kernel import views
from inm_portal.kernel.models import JournalEntry

from ..factories.accounts import staff
from ..factories.consortium import OrganizationFactory

EXPORT = "/consortium/members/export/"
AWAY = "The portal is not available just now"
BROKEN = "Something went wrong here"


@pytest.fixture
def outage(django_db_setup, django_db_blocker):
    """Let PostgreSQL be away, for as long as the test runs."""
    address = connection.settings_dict
    with django_db_blocker.unblock():
        connection.close()
        usual, address["HOST"] = address["HOST"], "/nowhere"
        yield
        connection.close()
        address["HOST"] = usual


@pytest.fixture
def signed_in_once() -> Client:
    """A browser that holds a session, whatever the database says of it."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    return client


def answered(rf, fault: Exception, path: str = "/"):
    """Return what the portal answers while ``fault`` is in flight."""
    try:
        raise fault
    except Exception:
        return views.server_error(rf.get(path))


def test_without_a_database_a_page_asks_to_come_back(outage, signed_in_once):
    answer = signed_in_once.get("/consortium/members/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert AWAY in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Content-Security-Policy" in answer.headers


def test_without_a_database_the_api_asks_to_come_back(outage, signed_in_once):
    answer = signed_in_once.get("/api/v1/organizations/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.json()["code"] == "unavailable"


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_no_fault_of_the_portal(rf, fault):
    answer = answered(rf, fault("server closed the connection"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert AWAY in answer.content.decode()


@pytest.mark.parametrize("fault", [ValueError, DatabaseError])
def test_every_other_fault_is_the_portals_own(rf, fault):
    answer = answered(rf, fault("secret"))

    assert (answer.status_code, "Retry-After" in answer.headers) == (500, False)
    assert BROKEN in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_a_fault_of_the_api_is_told_in_its_own_words(rf):
    answer = answered(rf, ValueError("secret"), "/api/v1/organizations/")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/json"
    assert b'"code": "server_error"' in answer.content
    assert b"secret" not in answer.content


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/nothing", "/api/"])
def test_an_address_of_the_api_that_leads_nowhere_is_a_problem(db, method, path):
    answer = getattr(Client(), method)(path)

    assert answer.status_code == 404
    assert answer.json() == {"code": "not_found", "detail": "Not found."}


def test_a_page_that_leads_nowhere_is_a_page(db):
    answer = Client().get("/nothing/")

    assert answer.status_code == 404
    assert "This page does not exist" in answer.content.decode()


def test_a_method_that_the_api_does_not_know_is_a_problem(sign_in, db):
    answer = sign_in(staff("director")).delete("/api/v1/organizations/")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


#: What the filter of the list of members does not take.
BROKEN_FILTERS = [
    {"status": "membr"},
    {"sector": "\x00"},
    {"search": "\x00"},
    {"owner": "9" * 30},
    {"owner": "\ud7ff"},
]


@pytest.fixture
def director(sign_in, db):
    return sign_in(staff("director"))


@pytest.mark.parametrize("asked", BROKEN_FILTERS, ids=ascii)
def test_a_list_with_a_broken_filter_shows_no_row_and_says_so(director, asked):
    OrganizationFactory()

    answer = director.get("/consortium/members/", asked)

    assert (answer.status_code, list(answer.context["page"])) == (200, [])
    assert answer.context["is_filtered"]
    assert list(answer.context["filter"].form.errors) == list(asked)


@pytest.mark.parametrize("asked", BROKEN_FILTERS, ids=ascii)
def test_an_export_with_a_broken_filter_is_refused_and_leaves_no_entry(director, asked):
    OrganizationFactory()

    answer = director.get(EXPORT, asked)

    assert (answer.status_code, answer.streaming) == (400, False)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content == b"The filter is not right, so nothing was exported."
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("method", ["head", "options", "put"])
def test_nothing_but_taking_an_export_asks_for_one(director, method):
    answer = getattr(director, method)(EXPORT)

    assert answer.status_code == 405
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "page=" + "9" * 40,
        "page=" + "9" * 5000,
        "page=%00",
        "page=-9e999",
        "search=%ff%fe",
        "search=%ed%a0%80",
        "search=" + "x" * 4000,
        "sort=%00",
        "sort=%ff",
        "owner=%00",
        "owner=1e400",
        "%ff=%00",
    ],
    ids=lambda query: query[:16],
)
@pytest.mark.parametrize("path", ["/consortium/members/", EXPORT, "/journal/"])
def test_no_query_breaks_a_list(director, path, query):
    answer = director.get(f"{path}?{query}")

    assert answer.status_code in {200, 400}


def test_a_page_says_which_filter_it_does_not_understand(db, sign_in):
    OrganizationFactory(name="Amgen")
    client = sign_in(staff("auditor"))

    page = client.get("/consortium/members/?status=membr").content.decode()

    assert "membr is not one of the available choices" in page
    assert "Amgen" not in page


def test_a_request_that_no_browser_sends_is_answered_in_words(client):
    answer = client.get("/", headers={"host": "not a host"})

    assert answer.status_code == 400
    assert "This request cannot be read" in answer.content.decode()
