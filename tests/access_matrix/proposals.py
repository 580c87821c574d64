"""Proposals of the stranger, who belongs to no company, in each state."""

from typing import Any

from seed_projects import services

from ..cast import Cast
from ..conftest import NOON
from ..factories import calls, proposals
from ..factories.library import pdf
from ..kernel.files import sent


def of_proposals(cast: Cast) -> dict[str, dict[str, Any]]:
    """Make a draft with all that a page is about, and what was handed in."""
    pi, call = cast["stranger"], calls.opened("Answered", files=1)
    now = {"at": NOON, "by": pi}
    draft = proposals.draft(call, pi=pi)
    services.set_budget(draft, lines=[proposals.line()], **now)
    part = services.add_author(
        draft,
        email="eve@mit.example",
        name="Eve",
        role="co_pi",
        right="write",
        **now,
    )
    asked = draft.form.questions.filter(kind="text").first()
    asked = asked or draft.form.questions.filter(kind="long_text").first()
    services.save_answer(draft, asked, value="One", version=0, **now)
    aside = services.save_answer(draft, asked, value="Two", version=0, **now).aside
    handed_in = proposals.submitted(calls.opened("Second"), pi=pi)
    gone = proposals.submitted(calls.opened("Third"), pi=pi)
    services.withdraw_proposal(gone, reason="Ill", **now)
    line = draft.budget_lines.get()
    by_file = draft.form.questions.get(kind="file")
    kept = services.attach_file(draft, by_file, file=sent(pdf(1), "plan.pdf"), **now)
    comment = services.comment_on(draft, text="Who writes the budget?", **now)
    rule = draft.call.rules.earliest("pk")
    services.declare(draft, met={rule: True}, **now)
    second = proposals.submitted_twice(calls.opened("Sent twice"), pi=pi)
    return {
        "own_draft": {"pk": draft.pk},
        "own_part": {"pk": part.pk},
        "own_text": {"pk": aside.pk if aside else 0},
        "own_second": {"pk": second.pk},
        "own_section": {"pk": draft.pk, "section": asked.section_id},
        "own_answer": {"pk": aside.answer_id if aside else 0},
        "own_budget_line": {"pk": line.pk},
        "own_file_question": {"pk": by_file.pk},
        "own_file": {"pk": draft.pk, "question": by_file.pk},
        "own_file_answer": {"pk": kept.pk},
        "own_comment": {"pk": comment.pk},
        "own_declaration": {"pk": draft.declarations.get().pk},
        "own_submission": {"pk": handed_in.snapshots.get().pk},
        "own_question": {"pk": asked.pk},
        "own_rule": {"pk": rule.pk},
        "own_line": {"pk": draft.pk, "line": line.pk},
        "own_handed_in": {"pk": handed_in.pk},
        "own_withdrawn": {"pk": gone.pk},
    }
