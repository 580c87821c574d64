"""What lists of seed projects can be narrowed by."""

from .calls import CallFilter, FormFilter, ProblemFilter, RubricFilter
from .screening import AppealFilter, LetterFilter, MoveFilter, ScreeningFilter

__all__ = [
    "AppealFilter",
    "CallFilter",
    "FormFilter",
    "LetterFilter",
    "MoveFilter",
    "ProblemFilter",
    "RubricFilter",
    "ScreeningFilter",
]
