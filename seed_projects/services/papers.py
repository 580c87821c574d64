"""The papers of proposals: what was handed in as a PDF, from its snapshot alone."""

import json
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, pdf, watermarks
from inm_portal.kernel.money import written

from ..models import AuthorRole, CostCategory, ProposalSnapshot, QuestionKind
from ..verbs import Verb
from .attachments import content_of_file, files_of

PAPER = "seed_projects/pdf/paper.typ"
BOUND = "templates/seed_projects/pdf/bound.typ"

Content = Mapping[str, Any]


def paper_of(snapshot: ProposalSnapshot) -> bytes:
    """
    Return the PDF of one submission; its files follow, numbered through.

    Without files it is tagged for readers aloud. What files say of who made them is
    left behind: of each the pages are taken alone.
    """
    paper = pdf.render(PAPER, words_of_paper(snapshot))
    files = files_of(snapshot.content)
    return _bound(snapshot, paper, files) if files else paper


def _bound(snapshot: ProposalSnapshot, paper: bytes, files: list[Any]) -> bytes:
    content = snapshot.content
    parts = [(content["title"], watermarks.pages_of(paper), paper)]
    parts += [(one["title"], one["pages"], content_of_file(one)) for one in files]
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, (_title, _pages, made) in enumerate(parts):
            (folder / f"{number}.pdf").write_bytes(made)
        told = {
            "title": content["title"],
            "number": content["number"],
            "parts": [
                {"title": title, "pages": pages, "file": f"{number}.pdf"}
                for number, (title, pages, _made) in enumerate(parts)
            ],
        }
        (folder / "bound.json").write_text(json.dumps(told), "utf-8")
        main = folder / "bound.typ"
        shutil.copyfile(Path(settings.BASE_DIR) / BOUND, main)
        return typst.compile(
            main, root=folder, font_paths=pdf.fonts(), ignore_system_fonts=True
        )


@transaction.atomic
def take_paper(snapshot: ProposalSnapshot, *, by: User) -> bytes:
    """Return the PDF of a submission for somebody who reads it; it is on record."""
    content = paper_of(snapshot)
    facts = {"submission": snapshot.number}
    journal.record(Verb.PAPER_TAKEN, snapshot.proposal, by=by, **facts)
    return content


def words_of_paper(snapshot: ProposalSnapshot) -> dict[str, Any]:
    """Return what the paper of a submission says, in plain values."""
    content = snapshot.content
    return {
        "title": content["title"],
        "number": content["number"],
        "page": _("Page"),
        "facts": _facts(snapshot),
        "sections": [
            _section(_("Abstract"), text=content["abstract"]),
            *_answers(content),
            _section(_("Budget"), tables=_budget(content), numbers=2),
            _section(_("Who may apply"), text=_eligibility(content)),
        ],
    }


def _section(title: str, **told: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"text": "", "answers": [], "tables": [], "numbers": 0}
    return {"title": title} | empty | told


def _facts(snapshot: ProposalSnapshot) -> list[list[str]]:
    content = snapshot.content
    roles = dict(AuthorRole.choices)
    facts = [
        [_("Number"), content["number"]],
        [_("Call"), f"{content['call']['title']} ({content['call']['number']})"],
        [_("Track"), content["track"] or ""],
        [_("Resubmission of"), content.get("former") or ""],
        [_("First day"), content["starts_on"] or ""],
    ]
    unconfirmed = _("not confirmed")
    for part in content["people"]:
        is_sure = part["is_confirmed"] or part["role"] != AuthorRole.CO_PI
        name = part["name"] if is_sure else f"{part['name']} ({unconfirmed})"
        facts.append([str(roles.get(part["role"], part["role"])), name])
    facts.append([_("Budget"), _dollars(content["budget"]["total"])])
    facts.append([_("Smallest useful budget"), _dollars(content["smallest_budget"])])
    facts.append([_("Handed in"), f"{snapshot.submitted_at:%Y-%m-%d %H:%M} UTC"])
    facts.append([_("Submission"), str(snapshot.number)])
    facts.append(["SHA-256", snapshot.sha256])
    return [[str(name), value] for name, value in facts if value]


def _dollars(amount: str | None) -> str:
    return "" if amount is None else written(Decimal(amount))


def _answers(content: Content) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in content["answers"]:
        if row["kind"] == QuestionKind.BUDGET:
            continue
        part = found.setdefault(row["section"], _section(row["section"], answers=[]))
        part["answers"].append(_answer(row))
    return list(found.values())


def _answer(row: Content) -> dict[str, Any]:
    value, missing = row["value"], _("Not answered.")
    made: dict[str, Any] = {"question": row["question"], "rows": [], "text": ""}
    if row["kind"] == QuestionKind.TABLE:
        cells = [[str(cell) for cell in line] for line in value or []]
        # Submissions of earlier days do not tell the columns.
        head = [row["columns"]] if cells and row.get("columns") else []
        return made | {"rows": head + cells, "text": "" if cells else missing}
    if row["kind"] == QuestionKind.FILE:
        value = value and f"{value['name']} ({value['pages']})"
    if isinstance(value, list):
        value = ", ".join(value)
    return made | {"text": str(value) if value else missing}


def _budget(content: Content) -> list[list[list[str]]]:
    names = dict(CostCategory.choices)
    lines = [[_("What"), _("Year"), _("Quantity"), _("Each")]]
    lines += [
        [
            f"{line['what']} ({names.get(line['category'], line['category'])})",
            str(line["year"]),
            line["quantity"],
            _dollars(line["unit_amount"]) or _("by the rate"),
        ]
        for line in content["lines"]
    ]
    years = [[_("Year"), _("Base"), _("Indirect cost"), _("Total")]]
    years += [
        [
            str(year["year"]),
            *[_dollars(year[name]) for name in ("base", "indirect", "total")],
        ]
        for year in content["budget"]["years"]
    ]
    return [rows for rows in (lines, years) if len(rows) > 1]


def _eligibility(content: Content) -> str:
    met, by_exception, not_met = _("met"), _("by an exception"), _("not met")
    return "\n".join(
        f"{row['rule']} - "
        + (met if row["is_met"] else by_exception if row["by_exception"] else not_met)
        for row in content["eligibility"]
    )
