"""The base of every queryset of the portal."""

from typing import Any, Self

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from .permissions import ANYONE, NOBODY, name_for, rows_for

#: What can be asked of a foreign key without reading the row that it leads to.
OF_KEYS = {"", "in", "isnull"}


class PortalQuerySet(QuerySet):
    """A queryset that knows permissions and locks."""

    def permitted(self, user: Any, action: str) -> Self:
        """Keep the rows on which ``user`` may perform ``action``."""
        rule = rows_for(user, name_for(self.model, action))
        if rule == ANYONE:
            return self.all()
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
        if _joins_nothing(rule, self.model):
            return ExpressionWrapper(rule, BooleanField())
        return Exists(self.model._base_manager.filter(rule, pk=OuterRef("pk")))


def _joins_nothing(rule: Any, model: type[Model]) -> bool:
    """Say whether a rule asks columns of the row alone, and so needs no subquery."""
    if isinstance(rule, Q):
        return all(_joins_nothing(part, model) for part in rule.children)
    if not isinstance(rule, tuple):
        return False
    columns = {field.name: field for field in model._meta.concrete_fields}
    name, _, lookup = rule[0].partition("__")
    if name == "pk":
        return True
    return name in columns and (lookup in OF_KEYS or not columns[name].is_relation)
