"""What lists of seed projects can be narrowed by."""

from .calls import CallFilter, FormFilter, ProblemFilter, RubricFilter

__all__ = ["CallFilter", "FormFilter", "ProblemFilter", "RubricFilter"]
