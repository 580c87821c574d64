"""
What is computed of each row, joined to it as columns.

An annotation is written out again by each expression that builds upon it, and
computed as often. A column is not; and PostgreSQL leaves out what nobody reads.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from types import MappingProxyType
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Expression, F, Field, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.sql.constants import LOUTER

Rows = TypeVar("Rows", bound=QuerySet)
Fields = dict[str, Field]
EMPTY: Mapping[str, str] = MappingProxyType({})


class View:
    """What ``rows`` annotate, all or some of it, by their key; compiled once."""

    #: What it calls the key by which it is joined.
    name = "pk"

    def __init__(self, rows: QuerySet, *names: str) -> None:
        computed = _fields(rows)
        self.fields = {name: computed[name] for name in names or computed}
        query = rows.order_by().values("pk", *self.fields).query
        self.key = rows.model._meta.pk.column
        self.sql, self.values = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()


class Groups(View):
    """What is added up of ``rows`` for each that they point to; compiled once."""

    def __init__(self, rows: QuerySet, by: str, **told: Any) -> None:
        sums = rows.order_by().values(by).annotate(**told)
        annotated = sums.query.annotations
        self.fields = {name: annotated[name].output_field for name in told}
        pointer: Any = rows.model._meta.get_field(by)
        self.name, self.key = by, pointer.target_field.column
        compiler = sums.values(by, *told).query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.values = compiler.as_sql()


def join_view(rows: Rows, alias: str, view: View, *names: str, by: str = "") -> Rows:
    """
    Annotate what a view computes of rows of its table, all or some of it.

    The table is that of the rows, or the one to which ``by`` leads them.
    """
    rows = rows.all()
    of = rows.query.get_initial_alias()
    key: Any = F(by).resolve_expression(rows.query) if by else None
    fields = {name: view.fields[name] for name in names or view.fields}
    join = ViewJoin(alias, of, view, key)
    return _join(rows, join).annotate(**_columns(alias, fields))


def join_groups(rows: Rows, alias: str, groups: Groups, *, nothing: Any = None) -> Rows:
    """Annotate what is added up for rows; ``nothing``, or null, where there is none."""
    join = ViewJoin(alias, rows.query.get_initial_alias(), groups)
    columns = _columns(alias, groups.fields)
    if nothing is None:
        return _join(rows, join).annotate(**columns)
    told = {name: Coalesce(column, nothing) for name, column in columns.items()}
    return _join(rows, join).annotate(**told)


def add_up(rows: Rows, alias: str, found: QuerySet, **told: Any) -> Rows:
    """Annotate aggregates of what is ``found`` for each row, by ``OuterRef``."""
    # Grouped by a constant, and so not at all: there is a row in any case.
    one = found.order_by().annotate(all=Value(1)).values("all")
    sums = one.annotate(**told).values(*told)
    rows = _join_lateral(rows, alias, sums)
    return rows.annotate(**_columns(alias, _fields(sums)))


def look_up(rows: Rows, alias: str, found: QuerySet, **told: str) -> Rows:
    """
    Name columns of the first that is ``found`` for each row, by ``OuterRef``.

    They are for expressions to build upon, and not read themselves; null where
    nothing is found.
    """
    of = found.model._meta
    fields = {name: of.get_field(column) for name, column in told.items()}
    columns = _columns(alias, fields, told)
    return _join_lateral(rows, alias, found.values(*told.values())[:1]).alias(**columns)


def work_out(rows: Rows, alias: str, **told: Any) -> Rows:
    """Annotate expressions, each worked out once however much is built upon it."""
    rows = rows.all()
    rows.query.get_initial_alias()
    worked = {name: each.resolve_expression(rows.query) for name, each in told.items()}
    fields = {name: each.output_field for name, each in worked.items()}
    return _join(rows, LetJoin(alias, worked)).annotate(**_columns(alias, fields))


def without_unread(rows: Rows) -> Rows:
    """Leave out what is joined and read by neither filter nor order: to count, say."""
    rows = rows.all()
    query: Any = rows.query
    told = [query.annotations.get(name) for name in _names(query.order_by)]
    parts = (part for each in [*told, query.where] for part in _parts(each))
    read = {part.alias for part in parts if isinstance(part, Computed)}
    for alias, join in query.alias_map.items():
        if isinstance(join, Join) and alias not in read:
            query.alias_refcount[alias] = 0
    return rows


def _names(order: Iterable[Any]) -> Iterator[str]:
    """Yield the names by which rows are ordered."""
    for each in order:
        if isinstance(each, str):
            yield each.removeprefix("-")
            continue
        parts = list(_parts(each))
        named: Iterator[Any] = (part for part in parts if isinstance(part, F))
        yield from (part.name for part in named)
        # Of a condition, as ("status__in", …).
        asked = (part for part in parts if isinstance(part, tuple))
        yield from (path.partition("__")[0] for path, _value in asked)


def _parts(node: Any) -> Iterator[Any]:
    """Yield a condition or an expression, and all that it is made of."""
    yield node
    within = getattr(node, "get_source_expressions", None)
    for part in within() if within else getattr(node, "children", []):
        yield from _parts(part)


class Join:
    """A subquery in the place of a table."""

    join_type = LOUTER
    parent_alias = None
    filtered_relation = None

    def __init__(self, alias: str) -> None:
        self.table_name = self.table_alias = alias

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        clone = copy(self)
        clone.table_alias = change_map.get(self.table_alias, self.table_alias)
        return clone


class ViewJoin(Join):
    def __init__(self, alias: str, of: str, view: View, by: Any = None) -> None:
        super().__init__(alias)
        self.of, self.view, self.by = of, view, by

    def as_sql(self, compiler: Any, _connection: Any) -> tuple[str, Any]:
        key = f'{compiler.quote_name_unless_alias(self.of)}."{self.view.key}"'
        if self.by is not None:
            key, _values = compiler.compile(self.by)
        on = f'{self.table_alias}."{self.view.name}" = {key}'
        return f"LEFT JOIN ({self.view.sql}) {self.table_alias} ON {on}", (
            self.view.values
        )

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        clone = super().relabeled_clone(change_map)
        clone.of = change_map.get(self.of, self.of)
        clone.by = self.by and self.by.relabeled_clone(change_map)
        return clone


class LateralJoin(Join):
    def __init__(self, alias: str, subquery: Any) -> None:
        super().__init__(alias)
        self.subquery = subquery

    def as_sql(self, compiler: Any, _connection: Any) -> tuple[str, Any]:
        sql, values = compiler.compile(self.subquery)
        return f"LEFT JOIN LATERAL {sql} {self.table_alias} ON TRUE", values

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        clone = super().relabeled_clone(change_map)
        clone.subquery = self.subquery.relabeled_clone(change_map)
        return clone


class LetJoin(Join):
    def __init__(self, alias: str, worked: dict[str, Any]) -> None:
        super().__init__(alias)
        self.worked = worked

    def as_sql(self, compiler: Any, _connection: Any) -> tuple[str, Any]:
        told, values = [], []
        for name, expression in self.worked.items():
            sql, params = compiler.compile(expression)
            told.append(f'{sql} AS "{name}"')
            values += params
        # Without the offset it would be taken apart, and worked out as often as read.
        one = f"(SELECT {', '.join(told)} OFFSET 0)"
        return f"CROSS JOIN LATERAL {one} {self.table_alias}", values

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        clone = super().relabeled_clone(change_map)
        clone.worked = {
            name: each.relabeled_clone(change_map) for name, each in self.worked.items()
        }
        return clone


class Computed(Expression):
    """A column of what was joined."""

    contains_column_references = True

    def __init__(self, alias: str, name: str, output_field: Field) -> None:
        super().__init__(output_field)
        self.alias, self.name = alias, name

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        return f'{self.alias}."{self.name}"', []

    def relabeled_clone(self, change_map: Any) -> Any:
        alias = change_map.get(self.alias, self.alias)
        return Computed(alias, self.name, self.output_field)


def _fields(rows: QuerySet) -> Fields:
    computed = rows.query.annotation_select
    return {name: each.output_field for name, each in computed.items()}


def _join_lateral(rows: Rows, alias: str, found: QuerySet) -> Rows:
    rows.query.get_initial_alias()
    subquery = Subquery(found).resolve_expression(rows.query)
    return _join(rows, LateralJoin(alias, subquery))


def _join(rows: Rows, join: Join) -> Rows:
    rows, alias = rows.all(), join.table_alias
    query: Any = rows.query
    query.alias_map[alias] = join
    query.alias_refcount[alias] = 1
    query.table_map[alias] = [alias]
    return rows


def _columns(
    alias: str, fields: Fields, named: Mapping[str, str] = EMPTY
) -> dict[str, Computed]:
    """Return columns of what was joined; some are ``named`` otherwise there."""
    return {
        name: Computed(alias, named.get(name, name), of) for name, of in fields.items()
    }
