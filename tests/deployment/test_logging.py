"""Log lines: the request's id is in them, secrets are not (AUD-03)."""

import pytest

from inm_portal.kernel import context
from inm_portal.settings import logging

REFUSED_ROW = (
    "Traceback (most recent call last):\n"
    "IntegrityError: new row violates a constraint\n"
    "DETAIL:  Failing row contains (1, A secret alloy,\n\nof three metals).\n"
    "\n"
    "The above exception was the direct cause of the following exception:\n"
)


def cleaned(**event):
    return logging.remove_secrets(None, "info", event)


@pytest.mark.parametrize(
    "name", ["password", "new_password", "token", "Cookie", "sessionid", "api_key"]
)
def test_a_secret_field_is_blanked(name):
    assert cleaned(**{name: "x"}) == {name: logging.REMOVED}


@pytest.mark.parametrize("name", ["request", "event"])
@pytest.mark.parametrize(
    ("request_line", "logged"),
    [
        ("GET /calls/12/?q=secret", "GET /calls/12/"),
        (
            "POST /accounts/password/reset/key/1-cq0f9p-5d41402abc4b2a76b971/",
            "POST /accounts/password/reset/key/[removed]/",
        ),
    ],
)
def test_an_address_keeps_neither_query_nor_key(name, request_line, logged):
    assert cleaned(**{name: request_line})[name] == logged


def test_a_refused_row_stays_out_of_the_log():
    logged = cleaned(exception=REFUSED_ROW)["exception"]

    assert "alloy" not in logged
    assert "three metals" not in logged
    assert "IntegrityError" in logged
    assert "direct cause" in logged


def test_a_line_has_the_id_that_the_journal_has():
    token = context.request_id.set("a1b2")
    try:
        line = logging.bind_request_id(None, "info", {"request_id": "other"})
    finally:
        context.request_id.reset(token)

    assert line["request_id"] == "a1b2"
