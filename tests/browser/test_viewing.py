"""Case 114: staff look at the portal with a member's eyes, and touch nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

from .test_pages import STILL, Watch, narrow_dark, narrow_light, wide_light

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]


@pytest.fixture
def viewing(sign_in, visit, request) -> Page:
    """Staff who see what Siemens' billing contact sees."""
    page = sign_in("staff@inm.example")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/consortium/contacts/?search=monika")
    page.get_by_role("link", name="Monika Schäfer").click()
    page.get_by_role("link", name="View as").click()
    page.get_by_label("Reason").fill("Asked why the second year is missing.")
    page.get_by_role("button", name="View").click()
    expect(band(page)).to_be_visible()
    return page


def band(page: Page):
    return page.get_by_role("complementary", name="Viewing as another person")


def test_the_band_names_both_and_leads_out(viewing):
    expect(band(viewing)).to_contain_text("Jordan Avery sees what Monika Schäfer sees")
    expect(band(viewing)).to_contain_text(re.compile(r"in (30|29)\s+minutes"))
    expect(viewing.get_by_role("heading", level=1)).to_contain_text("Siemens")

    band(viewing).get_by_role("button", name="End viewing").click()

    expect(band(viewing)).to_have_count(0)
    expect(viewing).to_have_url(re.compile(r"/people/\d+/$"))
    expect(viewing.get_by_role("heading", level=1)).to_contain_text("Monika Schäfer")


def test_a_button_of_theirs_does_nothing(viewing):
    viewing.goto("/consortium/contacts/?search=monika")
    viewing.get_by_role("link", name="Monika Schäfer").click()
    viewing.get_by_role("button", name="Confirm details").click()

    expect(viewing.get_by_role("heading", level=1)).to_contain_text("may not do that")
    expect(viewing.locator("main")).to_contain_text("You are only viewing")
    expect(band(viewing)).to_be_visible()


def test_the_band_is_sound_and_stays_in_print(viewing, portal):
    viewing.wait_for_load_state("networkidle")
    faults = Watch(viewing, portal.url)
    viewing.emulate_media(reduced_motion=STILL["reduced_motion"])
    viewing.goto("/")
    for view in [wide_light, narrow_light, narrow_dark]:
        view(viewing, faults)
    viewing.emulate_media(media="print")

    assert faults.found() == []
    expect(band(viewing).get_by_text("Jordan Avery")).to_be_visible()
    expect(band(viewing).get_by_role("button")).to_have_count(0)
