"""A portal with the demo world for each module, and browsers to visit it with."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from celery import current_app
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inm_portal.accounts.models import User

from ..conftest import NOON
from .hanging import LONGEST, end_pages
from .worlds import Worlds

PATIENCE = 10_000

CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
ADVICE = (
    "There is no Chromium: `apt-get install chromium`,"
    " or `.venv/bin/playwright install chromium`."
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type, browser_type_launch_args) -> dict:
    """Start the Chromium of the system, or else Playwright's own."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None and not Path(browser_type.executable_path).exists():
        pytest.fail(ADVICE, pytrace=False)
    return browser_type_launch_args | {"executable_path": found, "args": FLAGS}


@pytest.fixture(autouse=True)
def _no_page_hangs() -> Iterator[None]:
    """Let a page that hangs fail its test, rather than hold up all of them."""
    timer = Timer(LONGEST, end_pages)
    timer.daemon = True
    timer.start()
    yield
    timer.cancel()


@pytest.fixture(scope="session")
def base_url() -> str:
    """Leave addresses to `visit`; the plugin's own fixture warns on this pytest."""
    return ""


@dataclass
class Portal:
    """A running portal, and the sessions of the people who visit it."""

    url: str
    sessions: dict[str, str] = field(default_factory=dict)

    def session_of(self, email: str) -> str:
        if email not in self.sessions:
            client, user = Client(), User.objects.get(email=email)
            client.force_login(user)
            note_password(client, user)
            self.sessions[email] = client.cookies["sessionid"].value
        return self.sessions[email]


def note_password(client: Client, user: User) -> None:
    """Let a session be as fresh as if the person had just typed the password."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time()}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture(scope="session", autouse=True)
def _worker_away() -> Iterator[None]:
    """Leave wake-ups with the broker in memory: no page runs a task itself."""
    is_eager = current_app.conf.task_always_eager
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = is_eager


@pytest.fixture(scope="session")
def worlds(
    browser, django_db_setup, django_db_blocker, served_address
) -> Iterator[Worlds]:
    """Keep the demo world as it begins, until all tests are done."""
    with django_db_blocker.unblock():
        worlds = Worlds(served_address)
        yield worlds
        worlds.forget()


@pytest.fixture(scope="module")
def portal(browser, worlds, django_db_blocker) -> Iterator[Portal]:
    """
    Serve the demo world, as it is on a fixed day, to all tests of a module.

    The browser comes first: with its event loop, this thread has a connection
    of its own, which all that follows shares.
    """
    with django_db_blocker.unblock(), time_machine.travel(NOON):
        cache.clear()
        worlds.begin()
        server = LiveServer("localhost")
        try:
            yield Portal(server.url)
        finally:
            server.stop()
        worlds.end()


@pytest.fixture
def _django_db_helper() -> None:
    """Leave the world of a module alone: no test rolls back what a server did."""


Visit = Callable[..., Page]


@pytest.fixture
def visit(portal, new_context) -> Visit:
    """
    Return a function that opens a path in a browser of its own.

    As a visitor, or signed in by address; options are those of the context.
    """

    def opened(path: str, email: str = "", **options) -> Page:
        context = new_context(base_url=portal.url, **options)
        context.set_default_timeout(PATIENCE)
        if email:
            session = portal.session_of(email)
            context.add_cookies(
                [{"name": "sessionid", "value": session, "url": portal.url}]
            )
        page = context.new_page()
        page.goto(path)
        return page

    expect.set_options(timeout=PATIENCE)
    return opened


@pytest.fixture
def sign_in(visit) -> Callable[[str], Page]:
    """Return a function that signs somebody in as they would do it."""

    def signed_in(email: str) -> Page:
        page = visit("/accounts/login/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill("new-manufacturing-demo")
        page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    return signed_in
