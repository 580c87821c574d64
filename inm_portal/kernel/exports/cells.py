"""Columns that any form of export understands."""

from django.db.models import CharField, F, Func
from django.db.models.functions import Cast


class Inert(Func):
    """Text that no spreadsheet takes for a formula: a quote goes before the sign."""

    signs = r"-=+@\uff1d\uff0b\uff0d\uff20\t\r"
    template = rf"regexp_replace(%(expressions)s, '^(?=[{signs}])', '''')"
    output_field = CharField()


def text(name: str) -> Inert:
    """Return the column of a field that holds what people typed."""
    return Inert(Cast(F(name), CharField()))
