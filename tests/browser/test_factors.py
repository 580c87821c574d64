"""Second factors as a person sets them up and shows them, with a passkey's device."""

import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from inm_portal.accounts.models import User

from .test_pages import STILL, Watch, narrow_dark, wide_light

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

WHO, PASSWORD = "attendee@inm.example", "new-manufacturing-demo"
FACTORS = "/accounts/second-factor/"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(visit) -> Iterator[Page]:
    """A browser on a device that has passkeys."""
    page = visit("about:blank", **STILL)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    User.objects.get(email=WHO).authenticator_set.all().delete()


@pytest.fixture
def look(page, portal) -> Iterator[Callable[[], None]]:
    """Return a function that looks at the present page, wide and narrow."""
    watch = Watch(page, portal.url)

    def looked() -> None:
        for view in [wide_light, narrow_dark]:
            view(page, watch)
        page.emulate_media(color_scheme="light")

    yield looked
    assert watch.faults == []


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(WHO)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    press(page, "Sign out")
    page.wait_for_url("**/accounts/login/**")


def add_passkey(page: Page) -> None:
    page.goto(f"{FACTORS}passkeys/add/")
    page.get_by_label("Name").fill("Laptop")
    press(page, "Add a passkey")
    page.wait_for_url("**/codes/")


def test_a_passkey_signs_in_without_the_password(page, look):
    sign_in(page)
    add_passkey(page)
    look()
    sign_out(page)

    press(page, "Sign in with a passkey")

    page.wait_for_url("**/")
    expect(page.get_by_role("button", name="Lucia Ferraro")).to_be_visible()


def test_a_passkey_is_the_second_step_after_the_password(page, look):
    sign_in(page)
    page.goto(f"{FACTORS}passkeys/add/")
    page.get_by_label("Sign in with it alone").uncheck()
    press(page, "Add a passkey")
    page.wait_for_url("**/codes/")
    sign_out(page)
    sign_in(page)
    page.wait_for_url("**/show/")
    look()

    press(page, "Use a passkey")

    page.wait_for_url("**/")
    expect(page.get_by_role("button", name="Lucia Ferraro")).to_be_visible()


def test_a_passkey_is_renamed_used_to_confirm_and_removed(page, look):
    sign_in(page)
    add_passkey(page)
    page.goto(f"{FACTORS}passkeys/")
    look()
    page.get_by_role("link", name="Rename Laptop").click()
    look()
    page.get_by_label("Name").fill("Work laptop")
    press(page, "Save")
    page.goto(f"{FACTORS}passkeys/confirm/")
    look()
    press(page, "Use a passkey")
    page.wait_for_url(lambda url: "confirm" not in url)
    page.goto(f"{FACTORS}passkeys/")
    page.get_by_role("link", name="Remove Work laptop").click()
    look()
    press(page, "Remove")

    expect(page.get_by_text("You have none.")).to_be_visible()


def test_an_app_is_set_up_from_its_picture_and_asked_at_sign_in(page, look):
    sign_in(page)
    page.goto(f"{FACTORS}app/")
    secret = page.locator(".secret").inner_text().strip()
    page.get_by_label("Code").fill(code_of(secret))
    press(page, "Turn on")
    page.wait_for_url("**/codes/")
    for path in ["", "app/remove/", "codes/new/", "confirm/"]:
        page.goto(f"{FACTORS}{path}")
        look()
    sign_out(page)
    sign_in(page)
    page.get_by_label("Code").fill(code_of(secret, periods=1))
    press(page, "Sign in")

    expect(page.get_by_role("button", name="Lucia Ferraro")).to_be_visible()


def code_of(secret: str, *, periods: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def test_a_canceled_passkey_is_explained(page):
    sign_in(page)
    page.add_init_script(
        "navigator.credentials.create = () => Promise.reject(new Error())"
    )
    page.goto(f"{FACTORS}passkeys/add/")

    press(page, "Add a passkey")

    expect(page.get_by_role("alert")).to_contain_text("Try again, or use another way")


def test_without_scripts_the_page_says_what_a_passkey_needs(visit):
    page = visit("/accounts/login/", java_script_enabled=False)
    page.get_by_label("E-mail").fill(WHO)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")

    page.goto(f"{FACTORS}passkeys/add/")

    expect(page.get_by_text("Set up an app instead.")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
