"""Long work that shows how far it is, and files that go in and come out."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from consortium.models import Agreement
from inm_portal.kernel import jobs, lists
from inm_portal.kernel.models import Document, Job

from ..kernel.files import HTML, PDF
from ..kernel.workbooks import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

STAFF, SPONSOR = "staff@inm.example", "sponsor@siemens.example"
PHONE = {"width": 390, "height": 844}
MEMBERS = "/consortium/members/"


@pytest.fixture
def few_are_many(monkeypatch) -> None:
    """Let the seven members be too many for a file at once."""
    monkeypatch.setattr(lists, "COUNT_UP_TO", 3)


def agreement() -> Agreement:
    return Agreement.objects.get(organization__name="Siemens")


def attach(page: Page, content: bytes, name: str) -> None:
    page.get_by_role("link", name="Add document").click()
    page.get_by_label("File").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )
    page.get_by_role("button", name="Add document").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_staff_add_a_document_that_the_sponsor_takes_home(visit, scripts, tmp_path):
    name = f"Signed {'with' if scripts else 'without'} scripts.pdf"
    options = {"viewport": PHONE, "java_script_enabled": scripts}
    page = visit(agreement().get_absolute_url(), STAFF, **options)
    attach(page, PDF, name)
    expect(page.get_by_role("link", name=name)).to_be_visible()

    page = visit(agreement().get_absolute_url(), SPONSOR, **options)
    with page.expect_download() as taken:
        page.get_by_role("link", name=name).click()

    assert taken.value.suggested_filename == name
    assert Path(taken.value.path()).read_bytes() == PDF
    width = page.evaluate("document.documentElement.scrollWidth") if scripts else 390
    assert width == PHONE["width"]


def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(visit):
    page = visit(agreement().get_absolute_url(), STAFF)
    attach(page, HTML, "invoice.pdf")

    expect(page.locator("#id_file_error")).to_contain_text("not that of a PDF file")
    expect(page.get_by_label("File")).to_have_attribute("aria-invalid", "true")


def test_a_document_is_taken_out_of_use_after_a_question(visit):
    page = visit(agreement().get_absolute_url(), STAFF)
    page.get_by_role("button", name="Take Exhibit A.pdf out of use").click()
    page.get_by_role("dialog").get_by_role("button", name="Take out of use").click()

    line = page.locator(".document", has_text="Exhibit A.pdf")
    expect(line).to_contain_text("Out of use")
    assert Document.objects.get(name="Exhibit A.pdf").superseded_at


@pytest.mark.usefixtures("few_are_many")
def test_a_long_list_shows_how_far_its_file_is_until_it_can_be_taken(visit):
    jobs.run_due()  # what the demo world asked for
    page = visit(f"{MEMBERS}?sort=-name", STAFF)
    page.get_by_role("button", name="Prepare an Excel file").click()
    asked = page.locator("#asked")
    expect(asked).to_contain_text("It starts as soon as a worker is free.")

    job = jobs.claim(at=timezone.now())
    assert job is not None
    jobs.Progress(job)(3, of=7, words="Writing rows")
    expect(asked).to_contain_text("Writing rows: 3 of 7")
    expect(asked.get_by_role("progressbar")).to_have_attribute("value", "3")
    jobs.run(job)
    with page.expect_download() as taken:
        asked.get_by_role("link", name="Download").click()

    names = [row[1] for row in rows_of(Path(taken.value.path()).read_bytes())]
    assert names[:3] == ["name", "Verran Aerospace", "Talbrook Group"]
    assert page.url.endswith(f"{MEMBERS}?sort=-name")


@pytest.mark.usefixtures("few_are_many")
def test_without_scripts_the_file_is_asked_for_and_looked_after(visit):
    page = visit(MEMBERS, STAFF, java_script_enabled=False)
    page.get_by_role("button", name="Prepare an Excel file").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))
    expect(page.get_by_text("It starts as soon as")).to_be_visible()

    jobs.run_due()
    page.get_by_role("link", name="See how far it is now").click()

    expect(page.get_by_role("link", name="Download")).to_be_visible()


def test_a_job_is_cancelled_after_a_question(visit):
    jobs.run_due()
    page = visit(MEMBERS, STAFF)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "COUNT_UP_TO", 3)
        page.goto(reverse("consortium:export_members") + "?format=xlsx")
        page.get_by_role("button", name="Prepare the file").click()
    page.get_by_role("button", name="Cancel job").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel job").click()

    expect(page.locator(".job")).to_contain_text("Cancelled")
    assert Job.objects.latest("pk").state == "cancelled"
