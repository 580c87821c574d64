"""What people come to the portal for, from sign-in to the last click."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from consortium.models import Agreement, Organization
from inm_portal.kernel import outbox

from ..kernel.files import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

STAFF, DIRECTOR = "staff@inm.example", "director@inm.example"
SPONSOR = "sponsor@siemens.example"


def test_the_sponsor_signs_in_and_sees_year_two_and_its_amount(sign_in):
    page = sign_in(SPONSOR)

    expect(page.get_by_role("heading", name="Siemens", level=1)).to_be_visible()
    figure = page.locator(".stat", has_text="Required in year 2")
    expect(figure).to_contain_text("$600,000")
    year = page.get_by_role("row", name="Year 2")
    expect(year).to_contain_text("Open")
    expect(year).to_contain_text("May 27, 2026 \N{EN DASH} May 26, 2027")
    expect(year).to_contain_text("$1,200,000")


def test_the_event_coordinator_sees_no_amounts(sign_in):
    page = sign_in("events@siemens.example")

    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("$")


def test_a_wrong_password_keeps_the_address_and_says_what_to_do(visit):
    page = visit("/accounts/login/")
    page.get_by_label("E-mail").fill(SPONSOR)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value(SPONSOR)


def test_who_forgot_the_password_chooses_a_new_one(visit, portal):
    page = visit("/accounts/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill("speaker@inm.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    outbox.send_due(at=timezone.now())
    (message,) = [sent for sent in mail.outbox if "speaker@inm.example" in sent.to]
    link = re.search(r"testserver(/\S+)", str(message.body))
    assert link is not None
    page.goto(link[1])
    for field in page.locator("input[type=password]").all():
        field.fill("a long walk to the river")
    page.get_by_role("button", name="Change password").click()

    expect(page.get_by_role("heading", name="Password changed")).to_be_visible()


def test_the_sponsor_confirms_a_contact(visit):
    page = visit("/", SPONSOR)
    waiting = "Confirm the details of Annette Krüger"
    page.get_by_role("button", name=waiting).click()

    expect(page.get_by_role("status").first).to_contain_text("Details confirmed.")
    expect(page.get_by_text("Nov 22, 2026").first).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("button", name=waiting)).to_have_count(0)


def file(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_sponsor_claims_and_sees_what_is_credited_of_it(visit, scripts):
    number = f"RS-{'A' if scripts else 'B'}"
    sponsor = visit("/", SPONSOR, java_script_enabled=scripts)
    claim_research(sponsor, number)

    staff = visit(sponsor.url, STAFF, java_script_enabled=scripts)
    staff.get_by_role("link", name="Ask for evidence").click()
    staff.get_by_label("What is missing").fill("The award letter")
    staff.get_by_role("button", name="Ask", exact=True).click()
    expect(staff.get_by_text("Asked for: The award letter")).to_be_visible()

    sponsor.reload()
    sponsor.get_by_role("link", name="Add the evidence").click()
    sponsor.get_by_label("File").set_input_files(file("Award letter.pdf"))
    sponsor.get_by_role("button", name="Add", exact=True).click()
    expect(sponsor.get_by_role("heading", level=1)).to_contain_text("Under review")

    director = visit(sponsor.url, DIRECTOR, java_script_enabled=scripts)
    director.get_by_role("link", name="Decide").click()
    expect(director.get_by_role("link", name="Award letter.pdf")).to_be_visible()
    director.get_by_label("Accepted").fill("30,000")
    director.get_by_label("Reason").fill("A quarter of it is about markets.")
    director.get_by_role("button", name="Decide").click()
    expect(director.get_by_role("heading", level=1)).to_contain_text("Partly accepted")

    sponsor.goto("/")
    sponsor.get_by_role("link", name="Commitment", exact=True).first.click()
    sponsor.locator(".stat").get_by_role("link", name="Credited in year 2").click()
    expect(sponsor.locator("#credited")).to_contain_text("about markets")
    expect(sponsor.locator("#credited")).to_contain_text("$30,000")


def claim_research(page: Page, number: str) -> None:
    """Claim $40,000 of research, after a day that lies ahead was refused."""
    page.get_by_role("link", name="Commitment", exact=True).first.click()
    page.get_by_role("link", name="Claim a contribution").click()
    page.get_by_label("What it is for").fill("Adaptive grinding")
    page.locator("#id_category_1").select_option(label="Sponsored research")
    page.locator("#id_amount_1").fill("40,000")
    page.get_by_label("Contributed on").fill("2027-03-01")
    page.get_by_label("Document number").fill(number)
    page.get_by_label("Amount of the document").fill("40,000")
    page.get_by_label("Dated").fill("2026-10-01")
    page.get_by_label("File").set_input_files(file("Contract.pdf"))
    page.get_by_role("button", name="Claim", exact=True).click()

    expect(page.locator("#id_contributed_on_error")).to_contain_text("lies ahead")
    expect(page.get_by_text("Choose the file again")).to_be_visible()
    expect(page.get_by_label("Document number")).to_have_value(number)
    page.get_by_label("Contributed on").fill("2026-10-05")
    page.get_by_label("File").set_input_files(file("Contract.pdf"))
    page.get_by_role("button", name="Claim", exact=True).click()
    expect(page.get_by_role("link", name="Contract.pdf")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_new_member_is_taken_in_from_draft_to_signature(visit, scripts):
    name = f"Helios {'A' if scripts else 'B'}"
    staff = visit("/consortium/members/", STAFF, java_script_enabled=scripts)
    add_organization(staff, name)
    add_sponsor(staff, name)
    draft_below_the_floor(staff)
    expect(staff.get_by_role("link", name="Record signing")).to_have_count(0)

    director = visit(staff.url, DIRECTOR, java_script_enabled=scripts)
    director.get_by_role("link", name="Waive the floor").click()
    director.get_by_label("Reason").fill("A pilot of one plant.")
    director.get_by_role("button", name="Waive").click()
    expect(director.locator("main")).to_contain_text("waived by Miriam Castle")

    staff.reload()
    staff.get_by_role("link", name="Record signing").click()
    staff.get_by_label("Signed for the member by").fill("Ada Berg")
    staff.get_by_label("Signed for MIT by").fill("Miriam Castle")
    staff.get_by_label("Executed version").set_input_files(file("Signed.pdf"))
    staff.get_by_role("button", name="Record signing").click()

    expect(staff.get_by_role("heading", level=1)).to_contain_text("Signed")
    member = Organization.objects.get(name=name)
    assert [a.state for a in member.agreements.all()] == [Agreement.State.SIGNED]
    staff.goto(member.get_absolute_url())
    expect(staff.get_by_role("row", name="Year 3")).to_contain_text("$1,200,000")


def add_organization(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add organization").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Website").fill("no site")
    page.get_by_role("button", name="Add").click()
    refused(page, page.get_by_label("Website"), "no site", "Enter a valid URL.")
    page.get_by_label("Legal name").fill(f"{name} GmbH")
    page.get_by_label("So named since").fill("2019-04-01")
    page.get_by_label("Sector").select_option(label="Energy")
    page.get_by_label("Website").fill("helios.example")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def refused(page: Page, field, typed: str, why: str) -> None:
    """Say that what was typed stays, and that the reason stands beside it."""
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text(why)
    expect(field).to_have_value(typed)
    expect(field).to_have_accessible_description(re.compile(re.escape(why)))


def add_sponsor(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add contact").click()
    page.get_by_label("Name").fill("Ada Berg")
    page.get_by_label("Work e-mail").fill("ada@helios.example")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Ada Berg").click()
    page.get_by_role("link", name="Assign role").click()
    page.get_by_label("Role").select_option(label="Executive sponsor")
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("row", name="Executive sponsor")).to_be_visible()
    page.get_by_role("link", name=name).first.click()


def draft_below_the_floor(page: Page) -> None:
    page.get_by_role("link", name="Draft agreement").click()
    page.get_by_label("Effective date").fill("2026-12-01")
    for year in (1, 2, 3):
        page.locator(f"[name=required_{year}]").fill("400,000")
        page.locator(f"[name=fee_part_{year}]").fill("200,000")
    page.locator("[name=required_2]").fill("4oo,000")
    page.get_by_role("button", name="Save draft").click()
    required = page.locator("[name=required_2]")
    refused(page, required, "4oo,000", "Enter a number.")
    required.fill("400,000")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main")).to_contain_text("Below the program's floor")


def test_a_departed_contact_looks_departed(visit):
    page = visit("/consortium/contacts/?search=monika", STAFF)
    page.get_by_role("link", name="Monika Schäfer").click()
    expect(page.get_by_text("yes, as billing@siemens.example")).to_be_visible()
    page.get_by_role("link", name="Record departure").click()
    page.get_by_role("button", name="Record departure").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Left Nov 22, 2026")
    expect(page.get_by_role("link", name="Record departure")).to_have_count(0)


Sign = Callable[[str], Page]


def test_sign_out_ends_the_session(sign_in: Sign):
    page = sign_in("reviewer@inm.example")
    page.get_by_role("button", name="Ingrid Solberg").click()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
