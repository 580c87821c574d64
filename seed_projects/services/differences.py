"""What changed between two submissions of a proposal, word by word."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from inm_portal.kernel.errors import Refusal
from inm_portal.kernel.money import written

from ..models import AuthorRole, CostCategory, ProposalSnapshot, QuestionKind

#: The most words, or else lines, of a text that are compared one by one; comparing
#: takes time by the square of them.
MOST_COMPARED = 4000

Content = Mapping[str, Any]


class NothingBefore(Refusal):
    """There is no such earlier submission to compare with."""

    code = "nothing_before"


class PieceKind(TextChoices):
    SAME = "same", _("As before")
    GONE = "gone", _("Taken out")
    NEW = "new", _("Put in")


@dataclass(frozen=True)
class Piece:
    kind: PieceKind
    text: str


@dataclass(frozen=True)
class Difference:
    """What changed of one part: its place, its name, and its text in pieces."""

    section: str
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Part:
    section: str
    label: str
    text: str


def submission_before(
    snapshot: ProposalSnapshot, number: int | None = None
) -> ProposalSnapshot:
    """
    Return an earlier submission of the same proposal; the one just before by default.

    :raises NothingBefore: if there is none of that number before it.
    """
    rows = ProposalSnapshot.objects.filter(
        proposal=snapshot.proposal_id, number__lt=snapshot.number
    )
    if number is not None:
        rows = rows.filter(number=number)
    found = rows.order_by("-number").first()
    if found is None:
        raise NothingBefore(_("There is no such earlier submission."))
    return found


def differences_of(earlier: Content, later: Content) -> list[Difference]:
    """Return each part that is not as it was, in the order of the later submission."""
    before, after = dict(_parts(earlier)), dict(_parts(later))
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        told = new or old
        texts = [part.text if part else "" for part in (old, new)]
        if told is not None and texts[0] != texts[1]:
            pieces = list(pieces_of(*texts))
            found.append(Difference(told.section, told.label, pieces))
    return found


def pieces_of(before: str, after: str) -> Iterator[Piece]:
    """
    Yield what of a text stays, went and came; the space between words counts little.

    Texts of very many words are compared line by line, and beyond that as a whole.
    """
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > MOST_COMPARED:
        old, new = (text.splitlines(keepends=True) for text in (before, after))
    if max(len(old), len(new)) > MOST_COMPARED:
        old, new = [before], [after]
    keys = [[one.strip() for one in told] for told in (old, new)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(PieceKind.SAME, "".join(new[c:d]))
            continue
        if gone := "".join(old[a:b]):
            yield Piece(PieceKind.GONE, gone)
        if come := "".join(new[c:d]):
            yield Piece(PieceKind.NEW, come)


def _words(text: str) -> list[str]:
    """Split a text into words, each with the space that follows it."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        words = line.split(" ")
        found += [f"{word} " for word in words[:-1]] + [words[-1]]
    return [word for word in found if word]


def _parts(content: Content) -> Iterator[tuple[str, Part]]:
    """Yield the parts of a submission as texts, each by a key that stays its own."""
    head = _("Proposal")
    facts = {
        "title": (_("Title"), content["title"]),
        "track": (_("Track"), content["track"]),
        "starts_on": (_("First day"), content["starts_on"]),
        "smallest": (_("Smallest useful budget"), _dollars(content["smallest_budget"])),
        "people": (_("People"), "\n".join(map(_person, content["people"]))),
        "abstract": (_("Abstract"), content["abstract"]),
        "rules": (_("Who may apply"), "\n".join(map(_rule, content["eligibility"]))),
    }
    for key, (label, text) in facts.items():
        yield key, Part(head, label, text or "")
    for row in content["answers"]:
        if row["kind"] != QuestionKind.BUDGET:
            text = _answer(row["value"])
            yield f"answer {row['key']}", Part(row["section"], row["question"], text)
    budget = _("Budget")
    lines = "\n".join(map(_line, content["lines"]))
    yield "lines", Part(budget, _("Lines"), lines)
    yield "sums", Part(budget, _("Cost"), "\n".join(_sums(content["budget"])))


def _dollars(amount: str | None) -> str:
    return "" if amount is None else written(Decimal(amount))


def _person(row: Content) -> str:
    role = str(dict(AuthorRole.choices).get(row["role"], row["role"]))
    is_asked = row["role"] == AuthorRole.CO_PI and not row["is_confirmed"]
    return ", ".join([row["name"], role, *([_("not confirmed")] if is_asked else [])])


def _rule(row: Content) -> str:
    said = _("by an exception") if row["by_exception"] else _("not met")
    return f"{row['rule']} - {_('met') if row['is_met'] else said}"


def _answer(value: Any) -> str:
    """Return the value of an answer as text: rows of a table, name of a file."""
    if isinstance(value, dict):
        told = [str(value.get("name", ""))]
        if digest := value.get("sha256"):
            told.append(f"SHA-256 {digest}")
        return ", ".join(filter(None, told))
    if isinstance(value, list):
        rows = [one if isinstance(one, list) else [one] for one in value]
        return "\n".join(" | ".join(map(str, cells)) for cells in rows)
    return str(value) if value else ""


def _line(row: Content) -> str:
    names = dict(CostCategory.choices)
    what = f"{names.get(row['category'], row['category'])}: {row['what']}"
    payee = f" ({row['payee']})" if row["payee"] else ""
    each = _dollars(row["unit_amount"]) or _("by the rate")
    year = _("Year %(number)s") % {"number": row["year"]}
    why = f"; {row['justification']}" if row["justification"] else ""
    return f"{year}, {what}{payee}, {row['quantity']} x {each}{why}"


def _sums(budget: Content) -> Iterator[str]:
    for year in budget["years"]:
        name = _("Year %(number)s") % {"number": year["year"]}
        indirect = _("indirect cost %(cost)s") % {"cost": _dollars(year["indirect"])}
        yield f"{name}: {_dollars(year['total'])}, {indirect}"
    yield f"{_('Total')}: {_dollars(budget['total'])}"
