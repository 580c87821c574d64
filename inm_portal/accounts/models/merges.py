"""Two accounts of one person that became one, and what moved."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.querysets import PortalQuerySet

from .people import User


class UserMergeQuerySet(PortalQuerySet):
    def standing(self) -> Self:
        """Keep those that were not undone."""
        return self.filter(undone_at=None)


class UserMerge(models.Model):
    """
    One account that leads to another since a moment; undone within 30 days or never.

    What the person did stays under the account with which it was done.
    """

    UNDO_WITHIN = timedelta(days=30)

    survivor = models.ForeignKey(
        User,
        verbose_name=_("stays"),
        on_delete=models.PROTECT,
        related_name="merges",
    )
    merged = models.ForeignKey(
        User,
        verbose_name=_("leads there"),
        on_delete=models.PROTECT,
        related_name="mergings",
    )
    was_active = models.BooleanField(_("came in before"))
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = UserMergeQuerySet.as_manager()

    may_undo: bool  # annotated by with_permissions()

    class Meta:
        verbose_name = _("merge of accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at=None),
                name="user_is_merged_once_at_a_time",
            ),
            models.CheckConstraint(
                name="user_is_not_merged_with_itself",
                condition=~Q(survivor=F("merged")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} → {self.survivor}"

    def get_absolute_url(self) -> str:
        return self.survivor.get_absolute_url()

    @property
    def undo_until(self) -> datetime:
        return self.merged_at + self.UNDO_WITHIN


class UserMergeMove(models.Model):
    """A row that went from the one account to the other, or a role given by that."""

    merge = models.ForeignKey(UserMerge, on_delete=models.CASCADE, related_name="moves")
    model = models.CharField(max_length=100)
    field = models.CharField(max_length=100)
    row = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merge", "model", "field", "row"],
                name="user_merge_moves_a_row_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"
