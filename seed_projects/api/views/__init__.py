"""Each operation: read what the caller may see, or call one service; by subject."""

from .calls import (
    CallDateViewSet,
    CallStageViewSet,
    CallViewSet,
    EligibilityExceptionViewSet,
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
from .differences import SubmissionDifferencesViewSet
from .exchange import CallQuestionViewSet, ProblemStatementViewSet
from .letters import CallLetterViewSet
from .proposals import (
    AnswerViewSet,
    AsideTextViewSet,
    BudgetLineViewSet,
    DeclarationViewSet,
    ProposalCommentViewSet,
    ProposalPersonViewSet,
    ProposalViewSet,
    SubmissionViewSet,
)
from .rates import CostRateViewSet
from .screening import (
    AppealViewSet,
    MoveBatchViewSet,
    ScreeningCheckViewSet,
    ScreeningMoveViewSet,
    ScreeningViewSet,
)

__all__ = [
    "AnswerViewSet",
    "AppealViewSet",
    "AsideTextViewSet",
    "BudgetLineViewSet",
    "CallDateViewSet",
    "CallLetterViewSet",
    "CallQuestionViewSet",
    "CallStageViewSet",
    "CallViewSet",
    "CostRateViewSet",
    "CriterionViewSet",
    "DeclarationViewSet",
    "EligibilityExceptionViewSet",
    "EligibilityRuleViewSet",
    "ExtensionViewSet",
    "FormVersionViewSet",
    "FormViewSet",
    "MoveBatchViewSet",
    "ProblemStatementViewSet",
    "ProposalCommentViewSet",
    "ProposalPersonViewSet",
    "ProposalViewSet",
    "QuestionViewSet",
    "RubricVersionViewSet",
    "RubricViewSet",
    "ScreeningCheckViewSet",
    "ScreeningMoveViewSet",
    "ScreeningViewSet",
    "SectionViewSet",
    "SubmissionDifferencesViewSet",
    "SubmissionViewSet",
    "TrackViewSet",
]
