"""Two accounts of one person that became one, and what moved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inm_portal.kernel.models import Merge

from .people import User


class UserMerge(Merge):
    """
    One account that leads to another since a moment.

    What the person did stays under the account with which it was done.
    """

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
