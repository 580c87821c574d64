"""Other ways to use a page: keyboard, dark, paper, a phone, no scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from consortium.models import Organization
from tests.factories.consortium import ContactFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

STAFF, SPONSOR = "staff@inm.example", "sponsor@siemens.example"
PHONE = {"width": 390, "height": 844}
PAPER = {"width": 740, "height": 960}
BARS = [".sidebar", ".topbar", ".list-bar", ".portal-actions", ".portal-footer"]


@pytest.fixture(scope="module", autouse=True)
def _two_pages_of_contacts(portal) -> None:
    ContactFactory.create_batch(60, organization=Organization.objects.get(name="Flex"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_chosen_theme_is_in_the_page_that_comes_next(visit, scripts):
    page = visit("/", SPONSOR, color_scheme="light", java_script_enabled=scripts)
    page.get_by_role("button", name="Theme").click()
    with page.expect_response(re.compile("/theme/")):
        page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")

    with page.expect_response(re.compile(r"/consortium/members/$")) as answer:
        page.goto("/consortium/members/")

    assert '<html lang="en" data-bs-theme="dark">' in answer.value.text()


def test_staff_find_a_member_by_filter_sort_and_search(visit):
    page = visit("/consortium/members/", STAFF)
    expect(page.locator(".list-foot")).to_contain_text("of 13 organizations")

    page.get_by_label("Sector").select_option(label="Software and computing")
    expect(names(page)).to_have_text(["Autodesk", "PTC"])
    expect(page).to_have_url(re.compile(r"\?sector=software$"))

    page.get_by_role("link", name="Clear").click()
    page.get_by_role("link", name="This year").click()
    page.get_by_role("link", name="This year").click()
    expect(names(page).first).to_have_text("GE Vernova")
    expect(page.locator("[aria-sort=descending]")).to_contain_text("This year")

    page.get_by_label("Search", exact=True).fill("sano")
    page.get_by_label("Search", exact=True).press("Enter")
    expect(names(page)).to_have_text(["Sanofi"])


def names(page: Page):
    return page.locator("#results tbody td:first-child a")


def test_a_list_is_filtered_and_paged_without_scripts(visit):
    page = visit("/consortium/contacts/", STAFF, java_script_enabled=False)
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".page-item.active")).to_have_text("2")

    page.get_by_label("Role").select_option(label="Executive sponsor")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".list-foot")).to_contain_text("of 8 contacts")


def test_a_list_is_paged_by_keyboard(visit):
    page = visit("/consortium/contacts/", STAFF)
    page.get_by_role("link", name="Next page").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".page-item.active")).to_have_text("2")
    expect(page.locator(".list-foot")).to_contain_text("51\N{EN DASH}")


def test_the_first_tab_skips_to_the_content(visit):
    page = visit("/", SPONSOR)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_every_stop_of_the_keyboard_is_seen(visit):
    page = visit("/consortium/members/", STAFF)
    unseen = []
    for _stop in range(25):
        page.keyboard.press("Tab")
        if why := page.evaluate(UNSEEN):
            unseen.append(why)
    assert unseen == []


#: What has the focus, if it has no outline or shadow, or lies outside the window.
UNSEEN = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  const isMarked = width >= 1 || style.boxShadow !== "none";
  const isInside = box.bottom > 0 && box.top < innerHeight && box.right > 0;
  return one !== document.body && !(isMarked && isInside) ? one.outerHTML : "";
}"""


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visit):
    page = visit("/", STAFF, viewport=PHONE)
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_focused()


def test_a_dialog_asks_first_and_escape_answers_no(visit):
    page = visit("/", SPONSOR)
    form = page.locator("form.step").first
    form.evaluate("form => form.dataset.confirm = 'Confirm these details?'")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    form.get_by_role("button").focus()
    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog", name="Confirm these details?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert sent == []


def test_a_phone_shows_what_waits_before_the_contacts(visit):
    page = visit("/", SPONSOR, viewport=PHONE)

    order = [top(page, name) for name in ["What needs action", "Agreement", "Contacts"]]
    assert order == sorted(order)


def top(page: Page, heading: str) -> float:
    box = page.get_by_role("heading", name=heading, exact=True, level=2).bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("path", ["/", "/consortium/members/"])
def test_paper_has_the_words_and_no_bars(visit, path):
    page = visit(path, STAFF, color_scheme="dark", viewport=PAPER)
    page.emulate_media(media="print")

    for bar in BARS:
        expect(page.locator(bar).locator("visible=true")).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator("main th").first).to_be_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [1200, 1440])
def test_tables_of_a_member_fit_their_cards(visit, width):
    page = visit("/", SPONSOR, viewport={"width": width, "height": 900})

    hidden = page.eval_on_selector_all(
        ".table-responsive",
        "all => all.map((one) => one.scrollWidth - one.clientWidth)",
    )
    assert hidden == [0, 0]
