"""The base of every queryset of the portal."""

from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable, RawSQL

from .filters import key_of
from .permissions import ANYONE, NOBODY, name_for, rows_for

#: What can be asked of a foreign key without reading the row that it leads to.
OF_KEYS: list[list[str]] = [[], ["in"], ["isnull"]]


def of_number(text: str, prefix: str) -> Q:
    """Return the condition that picks the row of a number, as in AG-00012."""
    key = key_of(text.upper().removeprefix(prefix))
    return NOBODY if key is None else Q(pk=key)


class PortalQuerySet(QuerySet):
    """A queryset that knows permissions and locks."""

    def permitted(self, user: Any, action: str) -> Self:
        """Keep the rows on which ``user`` may perform ``action``."""
        rule = rows_for(user, name_for(self.model, action))
        if rule == ANYONE:
            return self.all()
        if rule != NOBODY and _stays_in_row(rule, self.model):
            return self.filter(rule)
        # A subquery: a rule that joins must not repeat the rows of its caller.
        rows = self.model._base_manager.filter(rule)
        return self.filter(pk__in=rows.values("pk"))

    def with_permissions(self, user: Any, *actions: str) -> Self:
        """Annotate each row with ``may_<action>``: flags without a query a row."""
        flags = {f"may_{action}": self._flag(user, action) for action in actions}
        return self.annotate(**flags)

    def locked(self, instance: Model) -> Any:
        """Read ``instance`` again and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=instance.pk)

    def _flag(self, user: Any, action: str) -> Any:
        rule = rows_for(user, name_for(self.model, action))
        if rule in (ANYONE, NOBODY):
            return Value(rule == ANYONE)
        if _stays_in_row(rule, self.model):
            return ExpressionWrapper(rule, BooleanField())
        return Exists(self.model._base_manager.filter(rule, pk=OuterRef("pk")))


def _stays_in_row(rule: Any, model: type[Model]) -> bool:
    """
    Say whether a rule asks nothing but columns, and needs no subquery.

    Columns are those of the row, and of the rows that its foreign keys lead to:
    one each, so that a join repeats nothing.
    """
    if isinstance(rule, Q):
        parts = (_stays_in_row(part, model) for part in rule.children)
        return rule.connector != Q.XOR and all(parts)
    if not isinstance(rule, tuple):
        return False
    path, value = rule
    is_plain = not isinstance(value, F | Combinable)
    return is_plain and _is_column(path.split("__"), model)


def _is_column(path: list[str], model: Any) -> bool:
    name, *rest = path
    columns = {field.name: field for field in model._meta.concrete_fields}
    field = model._meta.pk if name == "pk" else columns.get(name)
    if field is None:
        return False
    if not field.is_relation or rest in OF_KEYS:
        return True
    return _is_column(rest, field.related_model)


def compiled(rows: QuerySet, name: str) -> RawSQL:
    """
    Return what ``rows`` annotates as ``name``, compiled: a page need not do it again.

    It can be read of rows of the same table that no other query holds.
    """
    wanted = rows.query.annotations[name]
    sql, values = rows.query.get_compiler(DEFAULT_DB_ALIAS).compile(wanted)
    return RawSQL(sql, values, wanted.output_field)  # noqa: S611 - our own words
