"""What lists of seed projects can be narrowed by."""

from .calls import CallFilter, FormFilter, ProblemFilter, RubricFilter
from .screening import AppealFilter, MoveFilter, ScreeningFilter

__all__ = [
    "AppealFilter",
    "CallFilter",
    "FormFilter",
    "MoveFilter",
    "ProblemFilter",
    "RubricFilter",
    "ScreeningFilter",
]
