"""What lists of seed projects can be narrowed by."""

from .calls import CallFilter, FormFilter, ProblemFilter, RubricFilter
from .grants import ExceptionFilter, ExtensionFilter
from .proposals import AsideTextFilter, OfProposalFilter, ProposalFilter
from .rates import RateFilter
from .screening import AppealFilter, LetterFilter, MoveFilter, ScreeningFilter

__all__ = [
    "AppealFilter",
    "AsideTextFilter",
    "CallFilter",
    "ExceptionFilter",
    "ExtensionFilter",
    "FormFilter",
    "LetterFilter",
    "MoveFilter",
    "OfProposalFilter",
    "ProblemFilter",
    "ProposalFilter",
    "RateFilter",
    "RubricFilter",
    "ScreeningFilter",
]
