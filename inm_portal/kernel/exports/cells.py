"""Columns that any form of export understands."""

from typing import Any

from django.db.models import CharField, F, Func
from django.db.models.functions import Cast

#: What a spreadsheet begins a formula with, in text that people typed.
SIGNS = ("-", "=", "+", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")


class Inert(Func):
    """Text that no spreadsheet takes for a formula: a quote goes before the sign."""

    signs = r"-=+@\uff1d\uff0b\uff0d\uff20\t\r\n"
    template = rf"regexp_replace(%(expressions)s, '^(?=[{signs}])', '''')"
    output_field = CharField()


def inert(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula, as `Inert` does."""
    is_formula = isinstance(cell, str) and cell.startswith(SIGNS)
    return f"'{cell}" if is_formula else cell


def text(name: str) -> Inert:
    """Return the column of a field that holds what people typed."""
    return Inert(Cast(F(name), CharField()))
