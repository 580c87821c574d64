"""Rows that belong to another one, read by the statement that reads it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef
from django.db.models.functions import Cast, JSONObject


def told_with(model: type[models.Model], of: str) -> ArraySubquery:
    """Return the annotation of the rows of ``model`` whose column ``of`` is the row."""
    columns = {
        # An amount is text in JSON, and stays what it is.
        field.attname: Cast(field.attname, models.TextField())
        if isinstance(field, models.DecimalField)
        else F(field.attname)
        for field in model._meta.concrete_fields
    }
    rows: Any = model._default_manager.filter(**{of: OuterRef("pk")})
    return ArraySubquery(rows.values(told=JSONObject(**columns)))


def rows_told(model: type[models.Model], told: Iterable[dict[str, Any]]) -> list[Any]:
    """Return the rows that an annotation of `told_with` told, in their order."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [
        model(**{name: fields[name].to_python(value) for name, value in row.items()})
        for row in told
    ]
