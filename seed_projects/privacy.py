"""What stands here about people in calls."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from inm_portal.kernel.privacy import Fate, Kind, Row, register, values

from .models import (
    Answer,
    Appeal,
    AppealDecision,
    AsideText,
    CallLetter,
    CallQuestion,
    CostRate,
    Declaration,
    EligibilityException,
    Extension,
    FormVersion,
    MoveBatch,
    MoveUndo,
    ProblemStatement,
    ProblemUse,
    ProposalComment,
    ProposalPerson,
    ProposalSnapshot,
    RubricVersion,
    ScreeningCheck,
    ScreeningMove,
)


def around_calls(user: Any) -> Iterable[Row]:
    """Yield what somebody asked and was granted, and what they did in calls."""
    asked = CallQuestion.objects.filter(asked_by=user).order_by("pk")
    yield from values(asked, "asked", "asked_at")
    longer = Extension.objects.filter(person=user).order_by("pk")
    yield from values(longer, "until_at", "reason", "granted_at")
    leave = EligibilityException.objects.filter(person=user).order_by("pk")
    yield from values(leave, "until_on", "reason", "granted_at")
    answered = CallQuestion.objects.filter(answered_by=user).order_by("pk")
    yield from values(answered, "answer", "answered_at")
    for model in (Extension, EligibilityException):
        rows: Any = model._default_manager.filter(granted_by=user).order_by("pk")
        yield from values(rows, "granted_at")
    stated = ProblemStatement.objects.filter(stated_by=user).order_by("pk")
    yield from values(stated, "title", "stated_at")
    used = ProblemUse.objects.filter(used_by=user).order_by("pk")
    yield from values(used, "used_at")
    for version in (FormVersion, RubricVersion):
        rows = version._default_manager.filter(published_by=user).order_by("pk")
        yield from values(rows, "published_at")


register(
    Kind(
        "calls",
        _("Part in calls for proposals"),
        _("Calls keep who asked, was granted more time, or answered, by number alone."),
        Fate.KEPT,
        around_calls,
        tables=[
            *["seed_projects.Extension", "seed_projects.EligibilityException"],
            *["seed_projects.CallQuestion", "seed_projects.ProblemStatement"],
            *["seed_projects.ProblemUse", "seed_projects.FormVersion"],
            "seed_projects.RubricVersion",
        ],
    ),
)


def in_proposals(user: Any) -> Iterable[Row]:
    """Yield somebody's parts in proposals, and what they wrote and handed in."""
    parts = ProposalPerson.objects.filter(person=user).order_by("pk")
    columns = ["name", "email", "role", "right", "added_at", "confirmed_at"]
    yield from values(parts, *columns)
    asked = ProposalPerson.objects.filter(added_by=user).order_by("pk")
    yield from values(asked, "role", "added_at")
    for model in (Answer, AsideText):
        rows: Any = model._default_manager.filter(written_by=user).order_by("pk")
        yield from values(rows, "value", "written_at")
    spoken = ProposalComment.objects.filter(written_by=user).order_by("pk")
    yield from values(spoken, "text", "written_at")
    said = Declaration.objects.filter(declared_by=user).order_by("pk")
    yield from values(said, "is_met", "declared_at")
    handed_in = ProposalSnapshot.objects.filter(submitted_by=user).order_by("pk")
    yield from values(handed_in, "number", "sha256", "submitted_at")
    rates = CostRate.objects.filter(recorded_by=user).order_by("pk")
    yield from values(rates, "kind", "starts_on", "recorded_at")


register(
    Kind(
        "proposals",
        _("Part in proposals"),
        _("What was handed in stays as it was, with the names of who proposed it."),
        Fate.KEPT,
        in_proposals,
        tables=[
            *["seed_projects.ProposalPerson", "seed_projects.Answer"],
            *["seed_projects.AsideText", "seed_projects.Declaration"],
            *["seed_projects.ProposalSnapshot", "seed_projects.CostRate"],
            "seed_projects.ProposalComment",
        ],
    ),
)


def in_screening(user: Any) -> Iterable[Row]:
    """Yield what somebody found, moved, appealed against and decided in screening."""
    found = ScreeningCheck.objects.filter(checked_by=user).order_by("pk")
    yield from values(found, "kind", "passes", "note", "checked_at")
    moved = ScreeningMove.objects.filter(moved_by=user).order_by("pk")
    yield from values(moved, "kind", "ground", "words", "moved_at")
    together = MoveBatch.objects.filter(made_by=user).order_by("pk")
    yield from values(together, "kind", "made_at")
    undone = MoveUndo.objects.filter(undone_by=user).order_by("pk")
    yield from values(undone, "undone_at")
    appealed = Appeal.objects.filter(made_by=user).order_by("pk")
    yield from values(appealed, "text", "made_at")
    written = CallLetter.objects.filter(written_by=user).order_by("pk")
    yield from values(written, "subject", "written_at")
    sent = CallLetter.objects.filter(sent_by=user).order_by("pk")
    yield from values(sent, "subject", "sent_at")
    decided = AppealDecision.objects.filter(decided_by=user).order_by("pk")
    yield from values(decided, "is_upheld", "words", "decided_at")


register(
    Kind(
        "screening",
        _("Part in the screening of proposals"),
        _("What was found and decided stays, by whom by number alone."),
        Fate.KEPT,
        in_screening,
        tables=[
            *["seed_projects.ScreeningCheck", "seed_projects.ScreeningMove"],
            *["seed_projects.MoveBatch", "seed_projects.MoveUndo"],
            *["seed_projects.Appeal", "seed_projects.AppealDecision"],
            "seed_projects.CallLetter",
        ],
    ),
)
