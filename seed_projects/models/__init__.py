"""The tables of seed projects, by subject."""

from .calls import (
    BOSTON,
    FIXED_ONCE_OPEN,
    USUAL_COSTS,
    BlindMode,
    Call,
    CostCategory,
    IndirectRule,
)
from .eligibility import EligibilityException, EligibilityRule, RuleKind, Track
from .exchange import CallQuestion, ProblemStatement, ProblemUse
from .forms import (
    OPTIONED,
    WORDED,
    FormDefinition,
    FormVersion,
    Question,
    QuestionKind,
    Section,
)
from .rubrics import Criterion, Rubric, RubricVersion
from .themes import Pillar, Theme
from .timeline import (
    PUBLIC_DATES,
    STAGE_ORDER,
    CallDate,
    CallStage,
    DateKind,
    Extension,
    StageKind,
    of_person,
)

__all__ = [
    "BOSTON",
    "FIXED_ONCE_OPEN",
    "OPTIONED",
    "PUBLIC_DATES",
    "STAGE_ORDER",
    "USUAL_COSTS",
    "WORDED",
    "BlindMode",
    "Call",
    "CallDate",
    "CallQuestion",
    "CallStage",
    "CostCategory",
    "Criterion",
    "DateKind",
    "EligibilityException",
    "EligibilityRule",
    "Extension",
    "FormDefinition",
    "FormVersion",
    "IndirectRule",
    "Pillar",
    "ProblemStatement",
    "ProblemUse",
    "Question",
    "QuestionKind",
    "Rubric",
    "RubricVersion",
    "RuleKind",
    "Section",
    "StageKind",
    "Theme",
    "Track",
    "of_person",
]
