"""The papers of proposals: what was handed in as a PDF, from its snapshot alone."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inm_portal.accounts.models import User
from inm_portal.kernel import journal, pdf
from inm_portal.kernel.money import written

from ..models import AuthorRole, CostCategory, ProposalSnapshot, QuestionKind
from ..verbs import Verb

PAPER = "seed_projects/pdf/paper.typ"

Content = Mapping[str, Any]


def paper_of(snapshot: ProposalSnapshot) -> bytes:
    """Return the PDF of one submission, tagged for readers aloud."""
    return pdf.render(PAPER, words_of_paper(snapshot))


@transaction.atomic
def take_paper(snapshot: ProposalSnapshot, *, by: User) -> bytes:
    """Return the PDF of a submission for somebody of the office; it is on record."""
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
