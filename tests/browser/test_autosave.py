"""Answers that are saved while they are typed, in two tabs and without a connection."""

import pytest
from playwright.sync_api import Page, expect

from seed_projects.models import Answer, AsideText, Proposal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

PI = "pi@inm.example"


@pytest.fixture
def sheet(visit):
    """Return what opens a section of a draft, in tabs of one browser."""
    draft = Proposal.objects.filter(title__startswith="Foundation models").get()
    section = draft.form.sections.earliest("position")
    question = section.questions.filter(kind__in=["text", "long_text"]).earliest("pk")
    path = f"/seed-projects/proposals/{draft.pk}/sections/{section.pk}/"
    first = visit(path, PI)
    waiting = [first]

    def opened() -> tuple[Page, str]:
        tab = waiting.pop() if waiting else first.context.new_page()
        tab.goto(path)
        return tab, f"[name=q{question.pk}]"

    return opened


def value_of() -> str:
    own = Answer.objects.filter(proposal__title__startswith="Foundation models")
    return own.get(question__label="Idea").value


def test_what_is_typed_is_saved_without_a_click(sheet):
    tab, box = sheet()

    tab.fill(box, "Logs are words of machines.")

    expect(tab.locator("[data-saved]")).to_contain_text("Saved at")
    assert value_of() == "Logs are words of machines."
    tab.type(box, "More", delay=5)
    expect(tab.locator("[data-saved]")).to_contain_text("Not saved yet")
    expect(tab.locator("[data-saved]")).to_contain_text("Saved at")
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Foundation models")


def test_a_lost_connection_loses_nothing_not_even_by_a_reload(sheet):
    tab, box = sheet()
    context = tab.context
    context.set_offline(True)

    tab.fill(box, "Typed in a tunnel.")
    expect(tab.locator("[data-saved]")).to_contain_text("cannot be reached")
    tab.close()
    context.set_offline(False)
    other, _box = sheet()

    expect(other.locator(box)).to_have_value("Typed in a tunnel.")
    expect(other.locator("[data-saved]")).to_contain_text("Saved at")
    assert value_of() == "Typed in a tunnel."


def test_two_tabs_that_type_into_one_answer_keep_both_texts(sheet):
    first, box = sheet()
    second, _box = sheet()
    first.fill(box, "From the first tab.")
    expect(first.locator("[data-saved]")).to_contain_text("Saved at")

    second.fill(box, "From the second tab.")

    note = second.get_by_role("alert").filter(has_text="Both texts are kept")
    expect(note).to_be_visible()
    expect(second.locator(box)).to_be_disabled()
    assert AsideText.objects.latest("pk").value == "From the second tab."
    note.get_by_role("link").click()
    expect(second.get_by_text("From the first tab.").first).to_be_visible()


def test_two_tabs_without_a_connection_lose_neither_text(sheet):
    first, box = sheet()
    second, _box = sheet()
    context = first.context
    context.set_offline(True)
    for tab, text in [(first, "Typed in the first."), (second, "Typed in the second.")]:
        tab.fill(box, text)
        expect(tab.locator("[data-saved]")).to_contain_text("cannot be reached")
        tab.close()
    context.set_offline(False)

    third, _box = sheet()
    expect(third.locator("[data-saved]")).to_contain_text("Saved at")
    fourth, _box = sheet()
    note = fourth.get_by_role("alert").filter(has_text="Both texts are kept")

    expect(note).to_be_visible()
    both = {value_of(), AsideText.objects.latest("pk").value}
    assert both == {"Typed in the first.", "Typed in the second."}


def test_what_another_open_tab_keeps_is_left_to_it(sheet):
    first, box = sheet()
    first.context.route("**/autosave/", lambda route: route.abort())
    first.fill(box, "Typed in the first.")
    expect(first.locator("[data-saved]")).to_contain_text("cannot be reached")

    second, _box = sheet()
    second.wait_for_timeout(1500)

    expect(second.locator(box)).not_to_have_value("Typed in the first.")
    expect(first.locator(box)).to_have_value("Typed in the first.")
