"""What the bench computes without a server."""

import pytest

from bench.figures import Figure, Probe
from bench.visits import Assets


@pytest.mark.parametrize(
    ("value", "limit", "is_held"), [(1.5, 1.5, True), (1.51, 1.5, False), (0, 0, True)]
)
def test_a_figure_holds_up_to_its_limit(value, limit, is_held):
    assert Figure("a page", "", "", value, limit).is_held is is_held


@pytest.mark.parametrize(
    ("words", "is_asked"),
    [([], True), (["Members"], True), (["csv", "list"], True), (["csv"], False)],
)
def test_a_probe_is_asked_for_by_any_word_of_its_name(words, is_asked):
    assert Probe("members list", lambda _: []).is_asked(words) is is_asked


def test_assets_are_counted_once_and_without_what_stands_in_the_page():
    html = """
    <link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/a.css">
    <link rel="canonical" href="/here"><script src="/a.js"></script>
    <svg><use href="/sprite.svg#one"/><use href="/sprite.svg#two"/></svg>
    <img src="data:image/png;base64,AA"><p hx-get="/later" hx-trigger="load"></p>
    """

    assert Assets(html).found == {
        "/icon.svg",
        "/a.css",
        "/a.js",
        "/sprite.svg",
        "/later",
    }
