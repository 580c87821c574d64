"""The base of every queryset of the portal."""

from collections.abc import Iterator
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.expressions import RawSQL

from . import context
from .columns import asks_columns, holds, is_told, ways_of
from .filters import key_of
from .permissions import ANYONE, NOBODY, flags_for, name_for, rows_for


def of_number(text: str, prefix: str) -> Q:
    """Return the condition that picks the row of a number, as in AG-00012."""
    key = key_of(text.upper().removeprefix(prefix))
    return NOBODY if key is None else Q(pk=key)


class PortalQuerySet(QuerySet):
    """A queryset that knows permissions and locks."""

    #: Rules of the flags that each row tells by itself, once it is read.
    _told: dict[str, Q] = {}

    def permitted(self, user: Any, action: str) -> Self:
        """Keep the rows on which ``user`` may perform ``action``."""
        rule = rows_for(user, name_for(self.model, action))
        if rule == ANYONE:
            return self.all()
        if rule != NOBODY and asks_columns(rule, self.model):
            return self.filter(rule)
        # A subquery: a rule that joins must not repeat the rows of its caller.
        rows = self.model._base_manager.filter(rule)
        return self.filter(pk__in=rows.values("pk"))

    def with_permissions(self, user: Any, *actions: str) -> Self:
        """
        Give each row ``may_<action>``: flags without a query a row.

        What the row tells by itself is not asked of the database.
        """
        rules = flags_for(user, self.model, *actions)
        told = {name: r for name, r in rules.items() if is_told(r, self.model)}
        rows = self.annotate(
            **{
                name: Exists(self.model._base_manager.filter(rule, pk=OuterRef("pk")))
                for name, rule in rules.items()
                if name not in told
            }
        )
        rows = rows.with_ways(*ways_of(told.values(), self.model))
        before = {n: rule for n, rule in self._told.items() if n not in rules}
        rows._told = before | told
        return rows

    def with_ways(self, *ways: str) -> Self:
        """Read the rows along these ways in the same statement, if there are any."""
        return self.select_related(*ways) if ways else self

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._told = self._told
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        if is_new and self.query.is_empty():
            self._result_cache = []
        super()._fetch_all()
        if is_new and self.query.select_for_update:
            context.forget()  # whoever held the rows may have changed who may what
        if is_new and self._told:
            for row in self:
                self._tell(row)

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        for row in super().iterator(chunk_size):
            self._tell(row)
            yield row

    def _tell(self, row: Any) -> None:
        if isinstance(row, Model):
            for name, rule in self._told.items():
                setattr(row, name, holds(rule, row))

    def with_related(self, *columns: str) -> Self:
        """Read of the rows to which each leads these columns, as ``owner__name``."""
        own = [field.name for field in self.model._meta.concrete_fields]
        ways = sorted({column.rpartition("__")[0] for column in columns})
        return self.select_related(*ways).only(*own, *columns)

    def if_any(self, told: Any) -> Self:
        """Ask for these rows only where it was told that there are any."""
        return self.all() if told else self.none()

    def locked(self, instance: Model) -> Any:
        """
        Read ``instance`` again and hold its row until the transaction ends.

        What is asked from then on is read anew, as behind every lock.
        """
        return self.select_for_update(of=("self",)).get(pk=instance.pk)


def compiled(rows: QuerySet, name: str) -> RawSQL:
    """
    Return what ``rows`` annotates as ``name``, compiled: a page need not do it again.

    It can be read of rows of the same table that no other query holds.
    """
    wanted = rows.query.annotations[name]
    sql, values = rows.query.get_compiler(DEFAULT_DB_ALIAS).compile(wanted)
    return RawSQL(sql, values, wanted.output_field)  # noqa: S611 - our own words
