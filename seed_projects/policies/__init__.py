"""
Who may do what with calls, forms and rubrics, by subject.

A rule is known once its module is imported, so all of them are.
"""

from . import calls, definitions, exchange, proposals, screening
from .exchange import SPEAKERS, companies_that_state
from .roles import ROLES

__all__ = [
    "ROLES",
    "SPEAKERS",
    "calls",
    "companies_that_state",
    "definitions",
    "exchange",
    "proposals",
    "screening",
]
