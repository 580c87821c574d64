"""The lines of the sidebar."""

import pytest

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
