"""What became of two rows that were one and the same."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inm_portal.kernel.errors import TooLateToUndo
from inm_portal.kernel.querysets import PortalQuerySet


class MergeQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep those that were not undone."""
        return self.filter(undone_at=None)


class Merge(models.Model):
    """
    A row whose place another took; undone within 30 days or never.

    What is merged has ``survivor`` and ``merged`` of its own.
    """

    UNDO_WITHIN = timedelta(days=30)

    survivor: Any
    merged: Any

    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = MergeQuerySet.as_manager()

    may_undo: bool  # annotated by with_permissions()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.merged} → {self.survivor}"

    def get_absolute_url(self) -> str:
        return str(self.survivor.get_absolute_url())

    @property
    def undo_until(self) -> datetime:
        return self.merged_at + self.UNDO_WITHIN

    def require_undoable(self, *, at: datetime) -> None:
        """
        :raises TooLateToUndo: after 30 days, or when it was done.
        """
        if self.undone_at is not None or at > self.undo_until:
            raise TooLateToUndo(_("A merge is undone within 30 days, and once."))


def undoable() -> Q:
    """Return the condition of merges that can still be undone."""
    return Q(undone_at=None, merged_at__gte=timezone.now() - Merge.UNDO_WITHIN)
