"""The tables of seed projects, by subject."""

from .answers import Answer, AsideText
from .budgets import PERCENTAGES, BudgetLine, CostRate, RateKind
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
from .proposals import (
    INVESTIGATORS,
    WRITERS,
    AuthorRight,
    AuthorRole,
    Declaration,
    Proposal,
    ProposalPerson,
    ProposalSnapshot,
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
    "INVESTIGATORS",
    "OPTIONED",
    "PERCENTAGES",
    "PUBLIC_DATES",
    "STAGE_ORDER",
    "USUAL_COSTS",
    "WORDED",
    "WRITERS",
    "Answer",
    "AsideText",
    "AuthorRight",
    "AuthorRole",
    "BlindMode",
    "BudgetLine",
    "Call",
    "CallDate",
    "CallQuestion",
    "CallStage",
    "CostCategory",
    "CostRate",
    "Criterion",
    "DateKind",
    "Declaration",
    "EligibilityException",
    "EligibilityRule",
    "Extension",
    "FormDefinition",
    "FormVersion",
    "IndirectRule",
    "Pillar",
    "ProblemStatement",
    "ProblemUse",
    "Proposal",
    "ProposalPerson",
    "ProposalSnapshot",
    "Question",
    "QuestionKind",
    "RateKind",
    "Rubric",
    "RubricVersion",
    "RuleKind",
    "Section",
    "StageKind",
    "Theme",
    "Track",
    "of_person",
]
