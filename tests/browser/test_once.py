"""CON-04: what impatient people do with a form makes one object, scripts or none."""

import re

import pytest
from playwright.sync_api import Page, expect

from consortium.models import Agreement, Organization

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

STAFF = "staff@inm.example"
HELD_BACK = "You sent exactly this a while ago"


@pytest.fixture
def drafts() -> int:
    return Agreement.objects.count()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def form(visit, request, drafts) -> Page:
    """A draft of an agreement, typed and not yet sent."""
    member = Organization.objects.get(name="PTC")
    address = f"{member.get_absolute_url()}agreements/new/"
    page = visit(address, STAFF, java_script_enabled=request.param)
    fill(page, drafts)
    return page


def fill(page: Page, drafts: int) -> None:
    page.get_by_label("Effective date").fill(f"2031-12-{drafts:02}")
    page.locator("[name=required_1]").fill("500,000")
    page.locator("[name=fee_part_1]").fill("275,000")


def save(page: Page):
    return page.get_by_role("button", name="Save draft")


def is_shown(page: Page) -> None:
    """Say that the page of the draft stands there, with one word on it."""
    expect(page).to_have_url(re.compile(r"/agreements/\d+/$"))
    expect(page.locator(".toast")).to_have_count(1)


def test_a_double_click_makes_one_object(drafts, form):
    save(form).dblclick()

    is_shown(form)
    assert Agreement.objects.count() == drafts + 1


def test_a_reload_makes_one_object(drafts, form):
    save(form).click()
    is_shown(form)
    form.reload()

    assert Agreement.objects.count() == drafts + 1


def test_the_way_back_makes_one_object(drafts, form):
    save(form).click()
    is_shown(form)
    form.go_back()
    fill(form, drafts)
    save(form).click()

    expect(form.get_by_role("alert")).to_contain_text(HELD_BACK)
    assert Agreement.objects.count() == drafts + 1
    form.get_by_role("link", name="See what was done").click()
    expect(form).to_have_url(re.compile(r"/agreements/\d+/$"))
