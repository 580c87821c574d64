"""
Queries of which nothing but values differs, compiled once.

To put a query together and to write its SQL can cost more than to run it. What
pages ask again and again leaves its values open, and tells them when it reads.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from inspect import signature
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, F, Lookup, QuerySet
from django.db.models.sql import Query

#: So many shapes of one query are kept: those of days gone by come and go.
SHAPES = 64


class Open(Expression):
    """A value that is told when the query is read."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        return "%s", [self]


class KeyIn(Lookup):
    """Whether a row is, or is ``of``, one of those whose keys are told when read."""

    def __init__(self, keys: Any, of: str = "pk") -> None:
        super().__init__(F(of), keys)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s)", [*params, self.rhs]


def prepared(build: Callable[..., QuerySet]) -> Callable[..., "Asked"]:
    """
    Compile the rows that a function builds once, with its positional arguments open.

    It can do nothing with those but compare columns to them. What it takes by
    keyword decides the shape, of which each is compiled.

    :raises ImproperlyConfigured: when read, if a day or a moment stays in it for good.
    """
    names = [each.name for each in signature(build).parameters.values()]

    @lru_cache(maxsize=SHAPES)
    def compiled(count: int, **shape: Any) -> Prepared:
        found = Prepared(build(*map(Open, names[:count]), **shape))
        if found.tells_time and not any(isinstance(v, date) for v in shape.values()):
            raise ImproperlyConfigured(f"{build.__qualname__} would keep its day.")
        return found

    @wraps(build)
    def ask(*values: Any, **shape: Any) -> Asked:
        told = dict(zip(names, values, strict=False))
        return Asked(compiled(len(values), **shape), told)

    return ask


class Prepared:
    """Rows with the SQL by which they are read."""

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.values = self.compiler.as_sql()

    @property
    def tells_time(self) -> bool:
        """Say whether a day or a moment stands in it."""
        return any(isinstance(one, date) for one in self.values)

    def told(self, values: dict[str, Any], part: str) -> QuerySet:
        """Return the rows with all values told."""
        filled = [
            values[one.name] if isinstance(one, Open) else one for one in self.values
        ]
        compiler: Any = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_options: (self.sql + part, filled)
        rows: Any = self.rows.all()
        rows.query = rows.query.chain(Compiled)
        rows.query.compiler = compiler
        return rows


class Compiled(Query):
    """A query whose SQL is there already."""

    compiler: Any

    def get_compiler(self, *_args: Any, **_options: Any) -> Any:
        return self.compiler


@dataclass(frozen=True)
class Asked:
    """Rows to be read, all or a part; nothing can be asked of them beyond that."""

    prepared: Prepared
    values: dict[str, Any]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.prepared.told(self.values, ""))

    def order_by(self, *_names: str) -> "Asked":
        """Stay in the order in which they were prepared, which a pager may ask for."""
        return self

    def __getitem__(self, part: slice) -> list[Any]:
        start = part.start or 0
        limit = f" LIMIT {part.stop - start:d} OFFSET {start:d}"
        return list(self.prepared.told(self.values, limit))
