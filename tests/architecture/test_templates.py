"""Templates compile, and carry neither script nor style of their own (INJ-01)."""

import re

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from .sources import ROOT, templates

INLINE = {
    "script": r"<script\b(?![^>]*\bsrc=)",
    "script beside src": r"<script\b[^>]*\bsrc=[^>]*>\s*[^<\s]",
    "style element": r"<style\b",
    "style attribute": r"\sstyle\s*=",
    "event handler": r"[\s\"']on[a-z]+\s*=\s*[\"'{]",
    "htmx handler": r"\shx-on\b",
    "htmx evaluation": r"\shx-(?:vals|headers)\s*=\s*[\"']js:",
    "script address": r"(?:href|src|action)\s*=\s*[\"']\s*"
    r"(?:javascript|data|vbscript):",
    "other host": r"<(?:script|link|img|iframe|form)\b[^>]*(?:src|href|action)=[\"']"
    r"(?:https?:)?//",
}
UNSAFE = r"\|\s*safe\b|\{%\s*autoescape\s+off|\|\s*safeseq\b"


def source_of(name: str) -> str:
    text = (ROOT / "templates" / name).read_text("utf-8")
    return re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", text, flags=re.S)


def kinds_in(source: str) -> set[str]:
    return {kind for kind, found in INLINE.items() if re.search(found, source, re.I)}


@pytest.mark.parametrize("name", templates())
def test_a_template_has_nothing_inline(name):
    assert kinds_in(source_of(name)) == set()


@pytest.mark.parametrize("name", templates())
def test_a_template_escapes_what_people_typed(name):
    assert re.findall(UNSAFE, source_of(name)) == []


@pytest.mark.parametrize("name", templates())
def test_a_template_compiles(name):
    try:
        get_template(name)
    except TemplateDoesNotExist:
        pytest.fail("names a template that is not there")


PAGES = [name for name in templates() if name.endswith(".html")]

#: Forms that come to the same however often they are sent.
SAFE_TO_REPEAT = {
    "accounts/name_needed.html": "goes on to what a page shows",
    "accounts/confirm_email.html": "its link works once",
    "cotton/passkey.html": "what a key signed counts once",
    "frame/theme_menu.html": "a cookie of the browser",
    "frame/user_menu.html": "signs out",
    "cotton/demo_people.html": "signs in",
    "consortium/verify_paper.html": "looks something up",
    "consortium/join.html": "what a page sends is kept once",
}


def posting(name: str) -> list[str]:
    forms = re.findall(r"<form\b.*?</form>", source_of(name), re.S | re.I)
    return [form for form in forms if re.search(r"method=[\"']post", form, re.I)]


@pytest.mark.parametrize("name", PAGES)
def test_a_form_that_changes_something_carries_its_token(name):
    assert [form for form in posting(name) if "csrf_token" not in form] == []


@pytest.mark.parametrize("name", sorted(set(PAGES) - SAFE_TO_REPEAT.keys()))
def test_a_form_that_makes_something_carries_a_key(name):
    """CON-04; sign-in, passwords and second factors are used up by being used."""
    forms = [] if name.startswith(("account/", "mfa/")) else posting(name)

    assert [form for form in forms if "form_key" not in form] == []


#: Forms that ask no shared mailbox who acts, and why.
FOR_NO_MAILBOX = {
    **dict.fromkeys(["account/login.html", "cotton/demo_people.html"], "signs in"),
    **dict.fromkeys(["account/logout.html", "frame/user_menu.html"], "signs out"),
    "consortium/verify_paper.html": "looks something up",
    "consortium/join.html": "is for everybody, and asks who they are",
    "account/reauthenticate.html": "shows who is there",
    "account/sso_reauthenticate.html": "shows who is there",
    "cotton/passkey.html": "shows who is there",
    "mfa/authenticate.html": "shows who is there",
    "mfa/reauthenticate.html": "shows who is there",
    "accounts/invitation_accept.html": "opens an account; who has one gets a button",
    "frame/acting_band.html": "who acts for somebody has a name",
    "frame/theme_menu.html": "a cookie of the browser",
}
CHANGES = r"<form\b[^>]*method=[\"']post|element form\b[^%]*method=[\"']post"


@pytest.mark.parametrize("name", PAGES)
def test_a_form_that_changes_something_asks_a_shared_mailbox_who_acts(name):
    """Case 44."""
    asks = "{% acting_name %}" in source_of(name)
    changes = bool(re.search(CHANGES, source_of(name)))

    assert asks == (changes and name not in FOR_NO_MAILBOX)


def test_forms_that_ask_no_mailbox_are_there():
    assert FOR_NO_MAILBOX.keys() - set(PAGES) == set()


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ('<script src="a.js" defer></script>', set()),
        ("<script>alert(1)</script>", {"script"}),
        ('<script src="a.js">alert(1)</script>', {"script beside src"}),
        ("<style>p {}</style>", {"style element"}),
        ('<p style="color: red">', {"style attribute"}),
        ('<p onclick="f()">', {"event handler"}),
        ("<p class='a'onclick='f()'>", {"event handler"}),
        ('<a href="javascript:f()">', {"script address"}),
        ('<p hx-on::after="f()">', {"htmx handler"}),
        ('<img src="https://evil.example/a.png">', {"other host"}),
        ('<p class="on"><a href="{{ url }}?on=1">on = off</a>', set()),
        ('<link rel="stylesheet" href="{% static \'a.css\' %}">', set()),
    ],
)
def test_what_counts_as_inline(source, kinds):
    assert kinds_in(source) == kinds
