"""Columns that any form of export understands."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast, Coalesce

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


class Told(Func):
    """What a mapping tells of a key; null for one that it does not know."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    output_field = CharField()


def words(name: str, choices: Iterable[tuple[Any, Any]]) -> Coalesce:
    """Return a column of what people call the code in another one; empty for none."""
    told = {code: str(label) for code, label in choices}
    column = Told(Value(told, JSONField()), Cast(F(name), TextField()))
    return Coalesce(column, Value(""), output_field=CharField())
