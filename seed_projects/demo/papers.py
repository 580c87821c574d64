"""The form and the rubric of the demo's calls."""

from datetime import datetime
from typing import Any

from inm_portal.accounts.models import User

from .. import services
from ..models import FormVersion, QuestionKind, RubricVersion

#: Section, its help, and what it asks: kind, question, and what else is told.
SECTIONS: list[tuple[str, str, list[tuple[QuestionKind, str, dict[str, Any]]]]] = [
    (
        "Summary",
        "What others read first.",
        [
            (
                QuestionKind.LONG_TEXT,
                "Abstract",
                {"word_limit": 200, "is_public": True},
            ),
            (QuestionKind.TEXT, "Three keywords", {"word_limit": 12}),
        ],
    ),
    (
        "Research",
        "",
        [
            (
                QuestionKind.LONG_TEXT,
                "Objectives and approach",
                {"word_limit": 1500, "help_text": "What is new, and what may fail."},
            ),
            (
                QuestionKind.TABLE,
                "Milestones",
                {"options": ["Month", "Milestone", "How it is measured"]},
            ),
            (QuestionKind.FILE, "References and figures", {"page_limit": 5}),
        ],
    ),
    (
        "Manufacturing",
        "Where it would change a shop floor.",
        [
            (
                QuestionKind.LONG_TEXT,
                "What would change in production?",
                {"word_limit": 400},
            ),
            (
                QuestionKind.NUMBER,
                "Manufacturing readiness level today",
                {"help_text": "From 1 to 10."},
            ),
            (
                QuestionKind.CHOICE,
                "Does it need data or parts of a company?",
                {"options": ["No", "Yes"]},
            ),
        ],
    ),
    (
        "Budget and dates",
        "",
        [
            (QuestionKind.BUDGET, "Budget by year", {}),
            (QuestionKind.DATE, "When could it begin?", {"is_required": False}),
        ],
    ),
]

CRITERIA = [
    ("Scientific merit", 3, "1: nothing new or not sound. 5: opens a field."),
    ("Fit with manufacturing", 3, "1: no factory would notice. 5: many would change."),
    ("Feasibility", 2, "1: cannot be done so. 5: the team can do it with this."),
    ("Path to follow-on work", 1, "1: ends here. 5: sponsors are in sight."),
]


def form(title: str, *, at: datetime, by: User) -> FormVersion:
    """Write and publish the form of full proposals."""
    version = services.add_form(title=title, at=at, by=by)
    for heading, words, questions in SECTIONS:
        section = services.add_section(version, title=heading, help_text=words, by=by)
        asked = None
        for kind, label, told in questions:
            asked = services.add_question(
                section, kind=kind, label=label, by=by, **told
            )
        if asked is not None and asked.kind == QuestionKind.CHOICE:
            services.add_question(
                section,
                kind=QuestionKind.TEXT,
                label="Which data or parts, and of whom?",
                asked_if=asked,
                asked_if_is="Yes",
                by=by,
            )
    return services.publish_form(version, at=at, by=by)


def short_form(*, at: datetime, by: User) -> FormVersion:
    """Write and publish the form of pre-proposals."""
    version = services.add_form(title="Pre-proposal", at=at, by=by)
    section = services.add_section(version, title="The idea on a page", by=by)
    kind = QuestionKind.LONG_TEXT
    services.add_question(section, kind=kind, label="Idea", word_limit=500, by=by)
    services.add_question(
        section,
        kind=QuestionKind.FILE,
        label="A figure, if it helps",
        is_required=False,
        page_limit=1,
        by=by,
    )
    services.add_question(
        section, kind=QuestionKind.NUMBER, label="About how much, in dollars?", by=by
    )
    return services.publish_form(version, at=at, by=by)


def rubric(*, at: datetime, by: User) -> RubricVersion:
    version = services.add_rubric(title="Seed proposals", at=at, by=by)
    for title, weight, guidance in CRITERIA:
        services.add_criterion(
            version, title=title, weight=weight, guidance=guidance, by=by
        )
    return services.publish_rubric(version, at=at, by=by)
