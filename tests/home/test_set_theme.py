"""The switch between light and dark."""

import pytest
from django.test import Client


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_remembered_for_a_year(theme):
    answer = Client().post("/theme/", {"theme": theme, "next": "/accounts/login/"})

    cookie = answer.cookies["theme"]
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (
        theme,
        365 * 24 * 60 * 60,
        "Lax",
    )


def test_over_https_the_cookie_stays_there():
    answer = Client().post("/theme/", {"theme": "dark"}, secure=True)

    assert answer.cookies["theme"]["secure"] is True


@pytest.mark.parametrize("theme", ["auto", "", "purple", "dark; Path=/x"])
def test_any_other_choice_follows_the_browser_again(theme):
    answer = Client().post("/theme/", {"theme": theme})

    assert (answer.cookies["theme"].value, answer.cookies["theme"]["max-age"]) == (
        "",
        0,
    )


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "",
    ],
)
def test_the_switch_leads_nowhere_else(target):
    answer = Client().post("/theme/", {"theme": "dark", "next": target})

    assert (answer.status_code, answer.url) == (302, "/")


def test_a_link_switches_nothing():
    answer = Client().get("/theme/", {"theme": "dark"})

    assert answer.status_code == 405
    assert not answer.cookies


def test_another_site_switches_nothing(db):
    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})

    assert answer.status_code == 403
    assert "theme" not in answer.cookies
