"""
Conditions that ask nothing but columns: of a row, and of those that it leads to.

One row each, along foreign keys and one-to-one, so that a join repeats
nothing; and a row that was read with them tells the answer by itself.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable

#: What can be asked of a value that is there, as the database answers it.
LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "in": lambda held, wanted: held in wanted,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "endswith": str.endswith,
}


@dataclass(frozen=True)
class Column:
    """A column that a condition asks of: the way to its row, and what is asked."""

    way: tuple[str, ...]
    field: Any
    lookup: str

    def held(self, row: Any) -> Any:
        """Return what stands there; nothing, where no row is led to."""
        for name in self.way:
            try:
                row = getattr(row, name)
            except ObjectDoesNotExist:
                return None
            if row is None:
                return None
        return getattr(row, self.field.attname)

    def answers(self, row: Any, value: Any) -> bool:
        """Say whether a row has there what is asked for."""
        held = self.held(row)
        if self.lookup == "isnull" or value is None:
            return (held is None) == (value is None or value)
        if held is None:
            return False
        if self.lookup == "in":
            return LOOKUPS["in"](held, [self.known(each) for each in value])
        return LOOKUPS[self.lookup](held, self.known(value))

    def known(self, value: Any) -> Any:
        """Return a value as a row holds it: of an object its key."""
        return value.pk if isinstance(value, Model) else self.field.to_python(value)


@cache
def column_at(path: str, model: Any) -> Column | None:
    """Return the column at a path, as in ``owner__name__in``, if it is one."""
    way: list[str] = []
    names = path.split("__")
    while names:
        name = names.pop(0)
        field = _field_of(model, name)
        if field is None:
            return None
        asked = "__".join(names) or "exact"
        is_key = field.concrete and asked in ("exact", "in", "isnull")
        if is_key or not field.is_relation:
            return Column(tuple(way), field, asked)
        way.append(name)
        model = field.related_model
    return None


def asks_columns(rule: Any, model: type[Model]) -> bool:
    """Say whether a rule asks nothing but columns, and needs no subquery."""
    if isinstance(rule, Q):
        parts = (asks_columns(part, model) for part in rule.children)
        return rule.connector != Q.XOR and all(parts)
    if not isinstance(rule, tuple):
        return False
    path, value = rule
    return not isinstance(value, F | Combinable) and bool(column_at(path, model))


def is_told(rule: Any, model: type[Model]) -> bool:
    """Say whether `holds` can answer a rule: columns, and values that are known."""
    if isinstance(rule, Q):
        parts = (is_told(part, model) for part in rule.children)
        return rule.connector != Q.XOR and all(parts) and not _crosses(rule, model)
    if not asks_columns(rule, model):
        return False
    path, value = rule
    column = column_at(path, model)
    is_known = column is not None and column.lookup in {*LOOKUPS, "isnull"}
    return is_known and not isinstance(value, QuerySet | Iterator)


def _crosses(rule: Q, model: type[Model]) -> bool:
    """
    Say whether one part denies something along a way on which another part asks.

    Both share a join, for which Django forgets that there may be no row. What
    is denied of several parts at once is an OR, too.
    """
    if rule.negated:
        is_one = len(rule.children) == 1 and isinstance(rule.children[0], tuple)
        return not is_one and bool(_ways(rule, model))
    if rule.connector == Q.AND:
        return False
    asked = [_ways(part, model) for part in rule.children]
    denied = [_ways(part, model, denied=True) for part in rule.children]
    return any(
        here & there
        for one, here in enumerate(denied)
        for other, there in enumerate(asked)
        if one != other
    )


def _ways(rule: Any, model: type[Model], *, denied: bool = False) -> set[str]:
    """Return the first steps of the ways of a rule: all, or those that it denies."""
    if not denied or getattr(rule, "negated", False):
        return {way.partition("__")[0] for way in relations_of(rule, model)}
    parts = rule.children if isinstance(rule, Q) else []
    return set().union(*(_ways(part, model, denied=True) for part in parts))


def holds(rule: Any, row: Model) -> bool:
    """Say whether a rule picks a row, as the filter of a queryset would."""
    if isinstance(rule, Q):
        parts = [part for part in rule.children if _asks(part)]
        if not parts:
            return True  # whatever asks nothing picks all, denied or not
        found = (holds(part, row) for part in parts)
        picks = any(found) if rule.connector == Q.OR else all(found)
        return picks != rule.negated
    path, value = rule
    column = column_at(path, type(row))
    return column is not None and column.answers(row, value)


def told_parts(rule: Any, model: type[Model]) -> Iterator[Any]:
    """Yield what of a rule its row tells; where one part does not hold, it does not."""
    if is_told(rule, model):
        yield rule
    elif isinstance(rule, Q) and rule.connector == Q.AND and not rule.negated:
        for part in rule.children:
            yield from told_parts(part, model)


def _asks(rule: Any) -> bool:
    """Say whether a rule asks anything."""
    return not isinstance(rule, Q) or any(map(_asks, rule.children))


def relations_of(rule: Any, model: type[Model]) -> Iterator[str]:
    """Yield the rows along which a rule asks, as ``select_related`` names them."""
    if isinstance(rule, Q):
        for part in rule.children:
            yield from relations_of(part, model)
        return
    column = column_at(rule[0], model)
    if column is not None and column.way:
        yield "__".join(column.way)


def ways_of(rules: Iterable[Any], model: type[Model]) -> tuple[str, ...]:
    """Return, in order, all rows along which some rules ask."""
    return tuple(sorted({way for one in rules for way in relations_of(one, model)}))


def _field_of(model: Any, name: str) -> Any:
    """Return a column of a row, or the way to one other row."""
    try:
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    is_column = field.concrete and not field.many_to_many
    return field if is_column or field.one_to_one else None
