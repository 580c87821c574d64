"""What stands here about people in calls."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from inm_portal.kernel.privacy import Fate, Kind, Row, register, values

from .models import (
    CallQuestion,
    EligibilityException,
    Extension,
    FormVersion,
    ProblemStatement,
    ProblemUse,
    RubricVersion,
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
