"""TEN-01 to TEN-05: the portal answers as the matrix says, for every persona."""

import re
from typing import Any

import pytest

from .payloads import NOTHING, PAYLOADS, WITHOUT, Body
from .stage import OUTSIDE, Stage
from .table import PERSONAS, Row, rows

pytestmark = pytest.mark.django_db
WRITES = [row for row in rows() if row.is_write]
RIGHT = [row for row in WRITES if row.name in PAYLOADS]
#: Rows about one object; all of them belong to Siemens.
NOT_OBJECTS = ("-", "key", "link", "passkey", "mailed", "institute", "identity")
#: What all members read; it is hidden from who is of none.
OF_ALL_MEMBERS = ["roadmap", "shared_draft", "edition", "comment", "program"]
#: What is the stranger's own.
OF_STRANGER = [
    *["student", "look", "own_draft", "own_part", "own_text", "own_section"],
    *["own_line", "own_handed_in", "own_withdrawn", "own_answer", "own_comment"],
    *["own_budget_line", "own_declaration", "own_submission", "own_file"],
    *["own_file_answer", "own_second"],
]
#: What everybody who signs in reads, so that nobody is to take it for absent.
FOR_ALL = (
    *("rate", "published", "past", "in_review", "call_decided"),
    *("slug", "screen_call"),
)
ABOUT_ONE = [
    row for row in rows() if row.on not in (*NOT_OBJECTS, *FOR_ALL) and row.on[0] != "?"
]

#: What differs in every answer.
MARKS = (
    r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"'
    r'|idempotency_key" value="[\w-]+"'
)

#: Answers to an empty body from which a right one would lead on.
INCOMPLETE = {200, 400, 422, 428}
DONE = {200, 201, 202, 303}

#: Operations that take no body at all.
BUTTONS = {
    *["contact-confirm", "job-cancel", "job-retry", "document-supersede"],
    *["accessrequest-welcome", "accessrequest-decline", "message-release"],
    *["contact-invite", "delegation-revoke"],
    *["invitation-resend", "invitation-revoke"],
    *["person-end-access", "person-restore-access"],
    *["contactmerge-undo", "usermerge-undo"],
    *["closure-withdraw", "reminderhold-lift"],
    *["contributioncredit-withdraw", "contributioncredit-review"],
    "contributioncredit-agree",
    *["receipt-approve", "receipt-refuse", "refund-refuse"],
    *["writeoff-approve", "writeoff-refuse"],
    *["reminderpolicy-approve", "reminderpolicy-refuse"],
    *["periodreopening-refuse", "bankfile-take-in"],
    *["remittanceadvice-withdraw", "paymentpromise-withdraw"],
    *["invoice-issue", "creditnote-issue", "creditnote-abandon"],
    *["libraryitem-publish", "studentprofile-stop-sharing"],
    *["minutes-adopt", "antitruststatement-acknowledge"],
    "motion-certify",
    *["organizationlink-open-history", "invoice-release-reminders"],
    *[
        "problemstatement-withdraw",
        "call-open",
        "call-review",
        "call-decide",
        "call-archive",
    ],
    *["callstage-remove", "calldate-remove", "track-remove"],
    *["screeningmove-undo", "movebatch-undo", "callletter-send"],
    *["proposal-take-back", "proposal-revive"],
    *["eligibilityrule-remove", "formversion-publish", "rubricversion-publish"],
}


def together(chosen: list[Row]) -> list[Any]:
    """Return rows for tests that one worker does, since they ask the same in part."""
    return [
        pytest.param(row, marks=pytest.mark.xdist_group(str(row))) for row in chosen
    ]


@pytest.mark.parametrize("row", together(rows()), ids=str)
def test_the_portal_answers_each_persona_as_the_matrix_says(stage, row):
    url = stage.url(row)

    answers = {who: stage.told(who, row.method, url).status for who in PERSONAS}

    assert answers == row.answers


@pytest.mark.parametrize("row", together(RIGHT), ids=str)
def test_a_right_body_leads_on_whoever_may_and_nobody_else(stage, row):
    url, body = stage.url(row), stage.filled(PAYLOADS[row.name])

    answers = {who: stage.told(who, row.method, url, body).status for who in PERSONAS}

    assert {who: _as_without(answers[who], row, who) for who in PERSONAS} == row.answers


def _as_without(status: int, row: Row, who: str) -> int:
    """Return what the row says where an act was done that an empty body was not."""
    was = row.answers[who]
    done = DONE if row.name.startswith("organization") or "-" in row.name else {303}
    return was if was in INCOMPLETE and status in done else status


def test_every_write_that_a_body_can_complete_has_a_right_one():
    incomplete = {row.name for row in WRITES if INCOMPLETE & set(row.answers.values())}

    assert incomplete - PAYLOADS.keys() - WITHOUT.keys() == BUTTONS


HIDDEN = [
    pytest.param(row, who, marks=pytest.mark.xdist_group(str(row)), id=f"{row} {who}")
    for row in ABOUT_ONE
    for who in OUTSIDE
    if row.on not in (OF_STRANGER if who == "stranger" else OF_ALL_MEMBERS)
]


@pytest.mark.parametrize(("row", "who"), HIDDEN)
def test_hidden_and_absent_cannot_be_told_apart(stage, row, who):
    """TEN-05: the same answer, but for the request's own marks."""
    hidden, absent = stage.url(row), stage.absent_url(row)

    for body in bodies(stage, row):
        answers = [stage.told(who, row.method, url, body) for url in (hidden, absent)]

        assert answers[0].status == answers[1].status
        assert plain(answers[0].text, hidden) == plain(answers[1].text, absent)
        assert answers[0].location == answers[1].location


def bodies(stage: Stage, row: Row) -> list[Body]:
    right = PAYLOADS.get(row.name) if row.is_write else None
    return [NOTHING, stage.filled(right)] if right else [NOTHING]


def plain(text: str, url: str) -> str:
    text = text.replace(url, "")
    return re.sub(MARKS, "", text)
