"""Each operation: read what the caller may see, or call one service; by subject."""

from .calls import (
    CallDateViewSet,
    CallStageViewSet,
    CallViewSet,
    EligibilityRuleViewSet,
    ExtensionViewSet,
    TrackViewSet,
)
from .definitions import (
    CriterionViewSet,
    FormVersionViewSet,
    FormViewSet,
    QuestionViewSet,
    RubricVersionViewSet,
    RubricViewSet,
    SectionViewSet,
)
from .exchange import CallQuestionViewSet, ProblemStatementViewSet

__all__ = [
    "CallDateViewSet",
    "CallQuestionViewSet",
    "CallStageViewSet",
    "CallViewSet",
    "CriterionViewSet",
    "EligibilityRuleViewSet",
    "ExtensionViewSet",
    "FormVersionViewSet",
    "FormViewSet",
    "ProblemStatementViewSet",
    "QuestionViewSet",
    "RubricVersionViewSet",
    "RubricViewSet",
    "SectionViewSet",
    "TrackViewSet",
]
