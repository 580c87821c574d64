"""The base of every queryset of the portal."""

from typing import Any, Self

from django.db.models import Exists, Model, OuterRef, QuerySet

from .permissions import name_for, rows_for


class PortalQuerySet(QuerySet):
    """A queryset that knows permissions and locks."""

    def permitted(self, user: Any, action: str) -> Self:
        """Keep the rows on which ``user`` may perform ``action``."""
        return self.filter(pk__in=self._rows(user, action).values("pk"))

    def with_permissions(self, user: Any, *actions: str) -> Self:
        """Annotate each row with ``may_<action>``: flags without a query a row."""
        return self.annotate(
            **{
                f"may_{action}": Exists(
                    self._rows(user, action).filter(pk=OuterRef("pk"))
                )
                for action in actions
            }
        )

    def locked(self, instance: Model) -> Any:
        """Read ``instance`` again and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=instance.pk)

    def _rows(self, user: Any, action: str) -> QuerySet:
        # A subquery: a rule that joins must not repeat the rows of its caller.
        rule = rows_for(user, name_for(self.model, action))
        return self.model._base_manager.filter(rule)
