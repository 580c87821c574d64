"""Guessing is limited, and the limit is kept in the database (AUT-02)."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from inm_portal.kernel.models import Session

from .conftest import PASSWORD

MOST = 5
MOST_OF_A_MACHINE = 10
EMAIL = "dana.kim@inm.example"


def guess(email: str = EMAIL, password: str = "a wrong password", **request) -> str:
    answer = Client().post(
        "/accounts/login/", {"login": email, "password": password}, **request
    )
    return "in" if answer.status_code == 302 else answer.content.decode()


def test_limits_are_kept_where_every_process_sees_them(db):
    backend = settings.CACHES["default"]["BACKEND"]

    assert backend == "django.core.cache.backends.db.DatabaseCache"


def test_after_some_wrong_passwords_even_the_right_one_waits(person):
    for _time in range(MOST):
        guess()

    assert "Too many failed" in guess(password=PASSWORD)


def test_up_to_then_the_right_one_opens(person):
    for _time in range(MOST - 1):
        guess()

    assert guess(password=PASSWORD) == "in"


def test_the_limit_stands_in_the_database(person):
    guess()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache")
        assert cursor.fetchone()[0] > 0


def test_without_the_rows_of_the_cache_the_count_begins_again(person):
    for _time in range(MOST):
        guess()
    cache.clear()

    assert guess(password=PASSWORD) == "in"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-forwarded-for", "192.0.2.{}"),
        ("x-real-ip", "192.0.2.{}"),
        ("forwarded", "for=192.0.2.{}"),
        ("cf-connecting-ip", "192.0.2.{}"),
    ],
)
def test_no_header_makes_one_machine_many(person, name, value):
    for number in range(MOST_OF_A_MACHINE):
        guess(f"person{number}@inm.example", headers={name: value.format(number)})

    assert "Too many failed" in guess(
        password=PASSWORD, headers={name: value.format(99)}
    )


def test_no_spelling_gets_round_the_limit(person):
    spellings = [EMAIL, EMAIL.upper(), f" {EMAIL}", f"{EMAIL} ", EMAIL.title()]
    for spelling in spellings:
        guess(spelling)

    assert "Too many failed" in guess(password=PASSWORD)


def test_an_unknown_address_is_limited_alike(db):
    for _time in range(MOST):
        guess("nobody@inm.example")

    assert "Too many failed" in guess("nobody@inm.example")


def test_one_machine_cannot_go_through_many_addresses(person):
    for number in range(MOST_OF_A_MACHINE):
        guess(f"person{number}@inm.example")

    assert "Too many failed" in guess(password=PASSWORD)


def test_who_asks_for_links_shuts_nobody_out_elsewhere(person):
    """AUT-03: of somebody else's address, from somewhere else."""
    statuses = [
        Client()
        .post("/accounts/password/reset/", {"email": person.email}, REMOTE_ADDR=address)
        .status_code
        for address in ["192.0.2.1"] * 6 + ["192.0.2.2"]
    ]

    assert statuses == [302] * 5 + [429, 302]


def test_who_begins_with_passkeys_again_and_again_is_stopped(db):
    """Each start keeps a session of a visitor whom nobody knows."""
    start = {"headers": {"x-requested-with": "XMLHttpRequest"}}
    statuses = [
        Client().get("/accounts/second-factor/passkeys/login/", **start).status_code
        for _time in range(31)
    ]

    assert statuses == [200] * 30 + [429]
    assert Session.objects.count() == 30


def test_no_broker_is_needed_to_count(person, settings):
    """Redis away stops neither the limits nor anybody."""
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CACHES["redis"] = {"BACKEND": "nowhere.Cache"}
    for _time in range(MOST):
        guess()

    assert "Too many failed" in guess()
    assert guess(password=PASSWORD, REMOTE_ADDR="192.0.2.2") == "in"


def test_the_limit_hits_the_guesser_and_nobody_else(person):
    for _time in range(MOST):
        guess(REMOTE_ADDR="192.0.2.1")
    other = type(person).objects.create_user("other@inm.example", "Other", PASSWORD)

    assert guess(other.email, PASSWORD, REMOTE_ADDR="192.0.2.2") == "in"
