"""What every answer carries, whoever gives it (WEB-02, WEB-03)."""

import pytest
from django.test import Client

from inm_portal.kernel import context
from inm_portal.kernel.models import JournalEntry
from inm_portal.kernel.verbs import Verb

from ..factories.accounts import UserFactory, staff

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
}
NEVER_CACHED = {"max-age=0", "no-cache", "no-store", "must-revalidate", "private"}

ANSWERS = {
    "page": ("/accounts/login/", 200),
    "way in": ("/consortium/members/", 302),
    "not found": ("/no-such-page/", 404),
    "API, not signed in": ("/api/v1/organizations/", 401),
    "health": ("/healthz", 200),
    "wrong method": ("/theme/", 405),
}


REFUSED_EARLY = {
    "charset": {"data": "{}", "content_type": "application/json; charset=latin-1"},
    "size": {"data": "x" * 20, "content_type": "text/plain"},
}


def assert_headers(answer) -> None:
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert answer.headers["X-Request-ID"]


@pytest.fixture
def client(db):
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_carries_the_headers_and_is_kept_by_nobody(
    client, address, status
):
    answer = client.get(address)

    assert answer.status_code == status
    assert_headers(answer)
    assert set(answer.headers["Cache-Control"].split(", ")) == NEVER_CACHED


def test_a_refused_page_carries_them(sign_in, db):
    answer = sign_in(staff("auditor")).get("/consortium/members/new/")

    assert answer.status_code == 403
    assert_headers(answer)


def test_a_refused_form_carries_them(db):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {})

    assert answer.status_code == 403
    assert_headers(answer)


def test_an_error_page_carries_them(client, monkeypatch):
    from inm_portal.kernel import health

    monkeypatch.setattr(health, "report", lambda at: 1 / 0)

    answer = client.get("/readyz")

    assert answer.status_code == 500
    assert_headers(answer)


@pytest.mark.parametrize("request_", REFUSED_EARLY.values(), ids=REFUSED_EARLY)
def test_a_request_that_is_not_even_read_gets_them(client, settings, request_):
    settings.MOST_UPLOADED = 10
    settings.SECURE_HSTS_SECONDS = 3600

    answer = client.post("/accounts/login/", secure=True, **request_)

    assert answer.status_code in (400, 413)
    assert_headers(answer)
    assert answer.headers["Strict-Transport-Security"]


def test_a_host_that_is_not_ours_gets_them(client):
    answer = client.get("/accounts/login/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert_headers(answer)


def test_a_file_for_everybody_carries_them(db, settings):
    settings.WHITENOISE_USE_FINDERS = True

    answer = Client().get("/static/js/app.js")
    answer.close()

    assert answer.status_code == 200
    assert_headers(answer)


def test_an_address_without_its_slash_carries_them(client):
    answer = client.get("/accounts/login")

    assert answer.status_code == 301
    assert_headers(answer)


def test_only_the_api_documentation_may_set_styles_itself(sign_in, db):
    answer = sign_in(UserFactory()).get("/api/docs/")

    loosened = set(answer.headers["Content-Security-Policy"].split("; ")) - POLICY
    assert answer.status_code == 200
    assert loosened == {"style-src 'self' 'unsafe-inline'"}


def test_each_request_has_an_id_of_its_own(client):
    ids = {client.get("/healthz").headers["X-Request-ID"] for _time in range(3)}

    assert len(ids) == 3
    assert {len(one) for one in ids} == {32}


def test_the_id_of_a_client_is_not_taken(client):
    answer = client.get("/healthz", headers={"x-request-id": "f" * 32})

    assert answer.headers["X-Request-ID"] != "f" * 32


def test_the_journal_knows_the_request_by_the_id_of_its_answer(sign_in, db):
    answer = sign_in(staff("director")).get(
        "/consortium/members/export/", headers={"x-request-id": "mine"}
    )

    entry = JournalEntry.objects.get(verb=Verb.LIST_EXPORTED)
    assert entry.request_id == answer.headers["X-Request-ID"]


def test_nothing_of_a_request_outlives_it(client):
    client.get("/healthz")

    assert context.request_id.get() == ""
