"""What changed between two submissions, on its page and by the API."""

import re

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from seed_projects import services
from seed_projects.services.differences import pieces_of
from tests.factories import calls as make
from tests.factories import proposals
from tests.factories.calls import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def told(before: str, after: str) -> str:
    """A text with what went in brackets and what came in braces."""
    marks = {"same": "{}", "gone": "[{}]", "new": "{{{}}}"}
    pieces = pieces_of(before, after)
    return "".join(marks[one.kind].format(one.text) for one in pieces)


def page(snapshot) -> str:
    return reverse("seed_projects:submission_differences", args=[snapshot.pk])


def shown_by(answer) -> str:
    """The content of a page, whose tags may be broken over lines."""
    return re.sub(r"<(ins|del)\s+>", r"<\1>", answer.content.decode())


def again(proposal, **changes):
    """Take a proposal back, change it, and hand it in anew."""
    act = {"at": NOON, "by": proposals.pi_of(proposal)}
    proposal = services.take_back(proposal, **act)
    names = ["title", "abstract", "starts_on", "smallest_budget"]
    head = {name: getattr(proposal, name) for name in names}
    services.change_proposal(proposal, **head | changes, **act)
    return services.submit_proposal(proposal, **act)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a shaft", "a gear", "a [shaft]{gear}"),
        ("a shaft", "a shaft breaks", "a shaft {breaks}"),
        ("one\ntwo", "one\nand two", "one\n{and }two"),
        ("", "new", "{new}"),
        ("gone", "", "[gone]"),
        ("the same", "the  same", "the { }same"),
    ],
)
def test_a_text_is_compared_word_by_word(before, after, shown):
    assert told(before, after) == shown


def test_a_very_long_text_is_compared_by_its_lines():
    lines = [f"line {number} of many words" for number in range(2000)]
    changed = [*lines[:1000], "another line", *lines[1001:]]

    shown = told("\n".join(lines), "\n".join(changed))

    assert "[line 1000 of many words\n]{another line\n}" in shown


def test_only_what_changed_is_told_and_where():
    made = proposals.submitted()
    first = made.snapshots.get()
    second = again(made, title="Warm spray")

    found = services.differences_of(first.content, second.content)

    assert [(one.section, one.label) for one in found] == [("Proposal", "Title")]
    assert [str(one.text) for one in found[0].pieces] == ["Cold ", "Warm ", "spray"]


def test_answers_people_and_budget_are_compared_too():
    made = proposals.submitted()
    first, act = made.snapshots.get(), {"at": NOON, "by": proposals.pi_of(made)}
    draft = services.take_back(made, **act)
    asked = proposals.question(draft)
    services.save_answer(draft, asked, value="Some other words", version=1, **act)
    services.set_budget(draft, lines=[proposals.line(amount=12_000)], **act)
    services.add_author(
        draft,
        **{"email": "eve@mit.example", "name": "Eve", "role": "co_pi"},
        right="read",
        **act,
    )
    second = services.submit_proposal(draft, **act)

    found = services.differences_of(first.content, second.content)

    labels = [one.label for one in found]
    assert labels == ["People", asked.label, "Lines", "Cost"]
    assert "Eve, Co-investigator, not confirmed" in found[0].pieces[-1].text


def test_a_question_that_is_asked_no_more_is_shown_as_gone():
    content = proposals.submitted().snapshots.get().content
    without = content | {"answers": content["answers"][:-1]}

    [found] = services.differences_of(content, without)

    assert [one.kind for one in found.pieces] == ["gone"]


def test_a_file_in_place_of_another_is_a_difference():
    content = proposals.submitted().snapshots.get().content
    kept = {"document": 1, "name": "a.pdf", "pages": 2, "sha256": "0" * 64}
    row = content["answers"][0] | {"kind": "file", "value": kept}
    other = row | {"value": kept | {"document": 2, "sha256": "1" * 64}}

    [found] = services.differences_of(
        content | {"answers": [row]}, content | {"answers": [other]}
    )

    assert found.label == row["question"]


def test_its_people_read_what_changed_and_nobody_else(sign_in, cast):
    second = proposals.submitted_twice()
    client = sign_in(proposals.pi_of(second.proposal))
    own = second.proposal.get_absolute_url()

    shown = shown_by(client.get(page(second)))

    assert "<ins>of shafts </ins>" in shown
    assert page(second) in client.get(own).content.decode()
    for who in ("sponsor", "stranger", "finance"):
        assert sign_in(cast[who]).get(page(second)).status_code == 404


def test_nobody_at_inm_reads_what_changed_while_it_is_a_draft_again(sign_in, cast):
    second = proposals.submitted_twice()
    office = sign_in(cast["staff"])
    assert office.get(page(second)).status_code == 200

    services.take_back(second.proposal, at=NOON, by=None)

    assert office.get(page(second)).status_code == 404


def test_what_is_typed_is_no_markup(sign_in):
    made = proposals.submitted()
    second = again(made, abstract="<script>alert(1)</script>")
    client = sign_in(proposals.pi_of(made))

    shown = shown_by(client.get(page(second)))

    assert "<ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>" in shown


def test_the_first_submission_has_nothing_before_it(sign_in):
    made = proposals.submitted()
    client = sign_in(proposals.pi_of(made))

    assert client.get(page(made.snapshots.get())).status_code == 404


def test_any_earlier_submission_can_be_compared(sign_in):
    second = proposals.submitted_twice()
    third = again(second.proposal, title="Warm spray")
    client = sign_in(proposals.pi_of(third.proposal))

    since_second = shown_by(client.get(page(third)))
    since_first = shown_by(client.get(page(third), {"since": "1"}))

    assert "?since=1" in since_second
    assert "?since=3" not in since_first
    assert "of shafts" not in since_second
    assert "<ins>of shafts </ins>" in since_first
    for since in ("3", "9"):
        assert client.get(page(third), {"since": since}).status_code == 404


def test_programs_are_told_the_same():
    second = proposals.submitted_twice(make.opened("Twice"))
    client = APIClient()
    client.force_authenticate(proposals.pi_of(second.proposal))
    path = f"/api/v1/submission-differences/{second.pk}/"

    answer = client.get(path).json()

    assert (answer["since"], answer["number"]) == (1, 2)
    [found] = answer["differences"]
    assert found["part"] == "Abstract"
    assert {"kind": "new", "text": "of shafts "} in found["pieces"]
    listed = client.get("/api/v1/submission-differences/").json()["results"]
    assert [row["id"] for row in listed] == [second.pk]
    assert client.get(path, {"since": 2}).json()["code"] == "nothing_before"
    assert client.get(path, {"since": "x"}).status_code == 400
