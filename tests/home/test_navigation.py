"""The lines of the sidebar."""

import pytest
from django.urls import reverse

from inm_portal.home.navigation import active

URLS = ["/", "/members/", "/contacts/", "/people/", "/people/requests/", "/members/1/"]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/", "/"),
        ("/members/", "/members/"),
        ("/members/7/", "/members/"),
        ("/members/1/", "/members/1/"),
        ("/members/11/", "/members/"),
        ("/people/7/", "/people/"),
        ("/people/requests/7/welcome/", "/people/requests/"),
        ("/account/", ""),
    ],
)
def test_the_line_nearest_above_a_page_is_active(path, url):
    assert active(URLS, path) == url


def tabs(client, page: str) -> list[tuple[str, bool]]:
    found = client.get(reverse(page)).context["navigation"].tabs
    return [(str(tab.label), tab.is_active) for tab in found]


def test_lists_that_belong_together_are_tabs_of_each_other(sign_in, cast):
    finance = sign_in(cast["finance"])

    for here in ("Receipts", "Announced payments"):
        page = {"Receipts": "receipts"}.get(here, "remittance_advices")
        assert tabs(finance, f"consortium:{page}") == [
            (name, name == here)
            for name in ("Receipts", "Announced payments", "Bank files", "Call-backs")
        ]


def test_who_may_not_open_the_first_finds_the_others_by_their_names(sign_in, cast):
    staff = sign_in(cast["staff"])

    assert tabs(staff, "consortium:call_backs") == [
        ("Announced payments", False),
        ("Call-backs", True),
    ]


def test_a_page_that_is_no_list_has_no_tabs(sign_in, cast):
    assert tabs(sign_in(cast["finance"]), "home") == []
    assert tabs(sign_in(cast["finance"]), "consortium:members") == []
