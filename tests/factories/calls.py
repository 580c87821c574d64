"""Calls for seed proposals, their forms and their rubrics."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from inm_portal.accounts.models import User
from seed_projects import services
from seed_projects.models import (
    USUAL_COSTS,
    Call,
    CallQuestion,
    FormVersion,
    ProblemStatement,
    RubricVersion,
    StageKind,
    Theme,
)

BOSTON = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 22, 12, tzinfo=BOSTON)
DAY = timedelta(days=1)


def form(
    title: str = "Seed proposal", *, is_published: bool = True, files: int = 0
) -> FormVersion:
    """A form with a section of two questions, and some that are answered by files."""
    version = services.add_form(title=title, at=NOON, by=None)
    section = services.add_section(version, title="Project", by=None)
    services.add_question(section, kind="text", label="Title", by=None)
    services.add_question(
        section, kind="long_text", label="Abstract", word_limit=200, by=None
    )
    for number in range(1, files + 1):
        told = {"kind": "file", "label": f"File {number}", "page_limit": 2}
        told["is_required"] = False
        services.add_question(section, **told, by=None)
    if is_published:
        return services.publish_form(version, at=NOON, by=None)
    return version


def rubric(title: str = "Seed rubric", *, is_published: bool = True) -> RubricVersion:
    version = services.add_rubric(title=title, at=NOON, by=None)
    services.add_criterion(version, title="Merit", weight=2, by=None)
    services.add_criterion(version, title="Fit", by=None)
    if is_published:
        return services.publish_rubric(version, at=NOON, by=None)
    return version


def call(title: str = "Seeds 2027", **told) -> Call:
    """A draft without stages."""
    given = {
        **{"slug": title.lower().replace(" ", "-"), "summary": "Seeds of research."},
        **{"contact_name": "Jordan Avery", "contact_email": "calls@inm.example"},
        **{"ceiling": Decimal(150_000), "pot": Decimal(600_000)},
        **{"cost_categories": USUAL_COSTS, "themes": list(Theme.objects.all()[:1])},
    }
    return services.draft_call(title=title, **given | told, at=NOON, by=None)


def ready(
    title: str = "Seeds 2027", *, kind: str = StageKind.FULL, files: int = 0, **told
) -> Call:
    """A draft that can open: a stage from yesterday to ten days ahead."""
    made = call(title, **told)
    services.set_stage(
        made,
        kind=kind,
        opens_at=NOON - DAY,
        closes_at=NOON + 10 * DAY,
        form=form(f"Form of {title}", files=files),
        by=None,
    )
    services.add_rule(made, statement="I hold PI status.", by=None)
    services.replace_rubric(made, rubric=rubric(f"Rubric of {title}"), by=None)
    return Call.objects.get(pk=made.pk)


def opened(title: str = "Seeds 2027", **told) -> Call:
    return services.open_call(ready(title, **told), at=NOON, by=None)


def closed(title: str = "Seeds 2027", **told) -> Call:
    made = opened(title, **told)
    return services.close_call(made, at=NOON + 11 * DAY, by=None)


def in_review(title: str = "Seeds 2027", **told) -> Call:
    return services.begin_review(closed(title, **told), by=None)


def question(of: Call, *, by: User | None = None) -> CallQuestion:
    return services.ask_question(of, text="May students apply?", at=NOON, by=by)


def problem(organization, **told) -> ProblemStatement:
    given = {"title": "Weld inspection", "text": "We find defects too late."}
    return services.state_problem(organization, **given | told, at=NOON, by=None)
